package dev.holdfast.vrrp.engine.netlink;

import dev.holdfast.vrrp.wire.IpAddress;

/**
 * An address on an interface of this host.
 *
 * @param ifindex the interface
 * @param address the address
 * @param prefixLength its prefix length
 * @param flags IFA_F_*
 * @param scope RT_SCOPE_*
 * @param protocol who put it there (IFA_PROTO, Linux 5.18 and later), 0 if unknown; see {@link #HOLDFAST}
 */
public record HostAddress(int ifindex, IpAddress address, int prefixLength, int flags, int scope, int protocol) {
    /** IFA_PROTO of the addresses that we add: how a later run knows what an earlier one left behind. */
    public static final int HOLDFAST = 112;

    public static final int IFA_F_SECONDARY = 0x01;
    public static final int IFA_F_NODAD = 0x02;
    public static final int IFA_F_DADFAILED = 0x08;
    public static final int IFA_F_TENTATIVE = 0x40;
    public static final int IFA_F_PERMANENT = 0x80;
    public static final int IFA_F_NOPREFIXROUTE = 0x200;

    /** Whether it is the same entry of the kernel's table, whatever its flags are. */
    public boolean sameEntry(HostAddress other) {
        return ifindex == other.ifindex && prefixLength == other.prefixLength && address.equals(other.address);
    }

    /** Whether we added it, in this run or an earlier one. */
    public boolean isOurs() {
        return protocol == HOLDFAST;
    }

    /** Whether packets may come from it: duplicate address detection is over, and found nobody. */
    public boolean isUsable() {
        return (flags & (IFA_F_TENTATIVE | IFA_F_DADFAILED)) == 0;
    }

    /** Whether it stays until somebody removes it; without this the kernel does so at the end of its lifetime. */
    public boolean isPermanent() {
        return (flags & IFA_F_PERMANENT) != 0;
    }

    @Override
    public String toString() {
        return address + "/" + prefixLength;
    }
}
