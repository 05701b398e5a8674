package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.ffi.Errno;
import dev.holdfast.vrrp.engine.netlink.AddressRequest;
import dev.holdfast.vrrp.engine.netlink.HostAddress;
import dev.holdfast.vrrp.engine.netlink.RouteMessage;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps virtual addresses where they belong: on the interface if and only if the instance is MASTER. It does not remember
 * what it did; it compares what should be with what is and mends the difference, so it may be asked at any time.
 */
final class VipKeeper {
    /** The changes of the kernel's table; results are 0 or -errno. */
    interface AddressTable {
        int add(AddressRequest address);

        int renew(AddressRequest address);

        int remove(int ifindex, IpAddress address, int prefixLength);
    }

    /** Which interface each address belongs on. */
    @FunctionalInterface
    interface Devices {
        /** The interface; 0 while there is none. */
        int ifindexOf(VipAddress vip);
    }

    /**
     * What a look at the addresses led to.
     *
     * @param added now on the interface and not before
     * @param removed now off the interface
     * @param failed what could not be done, with -errno
     */
    record Outcome(List<VipAddress> added, List<HostAddress> removed, List<Failure> failed) {
        boolean isComplete() {
            return failed.isEmpty();
        }
    }

    /**
     * A change that the kernel refused.
     *
     * @param address which
     * @param change what was tried
     * @param result -errno
     */
    record Failure(VipAddress address, Change change, int result) {
        @Override
        public String toString() {
            return address + " could not be " + change.participle + ": " + Errno.describe(result);
        }
    }

    /** What can be done to an address. */
    enum Change {
        ADD("added"),
        RENEW("renewed"),
        REMOVE("removed");

        private final String participle;

        Change(String participle) {
            this.participle = participle;
        }
    }

    private static final Outcome NOTHING = new Outcome(List.of(), List.of(), List.of());

    private final HostNetwork network;
    private final AddressTable table;

    VipKeeper(HostNetwork network, AddressTable table) {
        this.network = network;
        this.table = table;
    }

    /** Puts every address on the interface that is not there; one that is, with whatever prefix, is adopted as it is. */
    Outcome hold(Devices devices, List<VipAddress> addresses, int lifetimeSeconds) {
        List<VipAddress> missing = addresses.stream()
                .filter(vip -> !network.has(devices.ifindexOf(vip), vip.address()))
                .toList();
        if (missing.isEmpty()) {
            return NOTHING;
        }
        Outcome outcome = empty();
        for (VipAddress vip : missing) {
            int ifindex = devices.ifindexOf(vip);
            if (ifindex == 0) {
                outcome.failed().add(new Failure(vip, Change.ADD, -Errno.ENODEV.number()));
                continue;
            }
            HostAddress entry = entryFor(ifindex, vip);
            int result = table.add(request(entry, vip, lifetimeSeconds));
            if (result == 0 || Errno.EEXIST.is(result)) {
                network.accept(new RouteMessage.AddressIs(entry));
            }
            if (result == 0) {
                outcome.added().add(vip);
            } else if (!Errno.EEXIST.is(result)) {
                outcome.failed().add(new Failure(vip, Change.ADD, result));
            }
        }
        return outcome;
    }

    /**
     * Lets the lifetime of every address begin anew that is there and has one, or is ours. What somebody else configured
     * for good is left as it is.
     */
    Outcome renew(Devices devices, List<VipAddress> addresses, int lifetimeSeconds) {
        Outcome outcome = NOTHING;
        // By index and without lists: it happens often, and mostly there is nothing to tell.
        for (int j = 0; j < addresses.size(); j++) {
            VipAddress vip = addresses.get(j);
            int ifindex = devices.ifindexOf(vip);
            for (int i = 0; i < network.size(); i++) {
                HostAddress entry = network.entry(i);
                if (entry.ifindex() != ifindex
                        || !vip.address().equals(entry.address())
                        || (entry.isPermanent() && !entry.isOurs())) {
                    continue;
                }
                int result = table.renew(request(entry, vip, lifetimeSeconds));
                if (result < 0) {
                    outcome = withFailure(outcome, new Failure(vip, Change.RENEW, result));
                }
            }
        }
        return outcome;
    }

    private static AddressRequest request(HostAddress entry, VipAddress vip, int lifetimeSeconds) {
        AddressOptions options = vip.options();
        return new AddressRequest(entry, options.label(), options.broadcast(), lifetimeSeconds, vip.isDeprecated());
    }

    /**
     * Takes every address off the interface that is there. One that is the host's own is left: as the owner (priority 255)
     * what somebody else configured, and always an address without which the instance's interface would have none.
     *
     * @param owner whether the instance owns its addresses
     */
    Outcome release(Devices devices, List<VipAddress> addresses, boolean owner) {
        List<VipAddress> present = addresses.stream()
                .filter(vip -> network.has(devices.ifindexOf(vip), vip.address()))
                .toList();
        if (present.isEmpty()) {
            return NOTHING;
        }
        Outcome outcome = empty();
        for (VipAddress vip : present) {
            int ifindex = devices.ifindexOf(vip);
            // Another device may well have no address but the virtual ones.
            boolean elsewhere = vip.options().device().isPresent() || network.isVirtualMac(ifindex);
            for (HostAddress entry : network.find(ifindex, vip.address())) {
                if (!entry.isOurs() && (owner || (!elsewhere && isOnlyOne(entry)))) {
                    continue;
                }
                int result = table.remove(entry.ifindex(), entry.address(), entry.prefixLength());
                boolean gone = result == 0 || Errno.EADDRNOTAVAIL.is(result) || Errno.ENODEV.is(result);
                if (gone) {
                    network.accept(new RouteMessage.AddressGone(entry, 0));
                } else {
                    outcome.failed().add(new Failure(vip, Change.REMOVE, result));
                }
                if (result == 0) {
                    outcome.removed().add(entry);
                }
            }
        }
        return outcome;
    }

    /**
     * At the end of the role, before {@link #release}: takes off what is not known to be there. A renewal puts back what
     * somebody else has removed a moment before, and no event tells of it.
     */
    void releaseUnknown(Devices devices, List<VipAddress> addresses) {
        for (VipAddress vip : addresses) {
            int ifindex = devices.ifindexOf(vip);
            if (ifindex != 0 && !network.has(ifindex, vip.address())) {
                // Mostly there is nothing, and then that is the answer.
                table.remove(ifindex, vip.address(), vip.prefixLength());
            }
        }
    }

    /**
     * What is to be added. Another address of the same IPv6 prefix has a route already, and the kernel would give that one
     * the lifetime of ours: it would vanish with us. A second route over a macvlan beside that of the interface below would
     * only draw traffic away from the latter.
     */
    private HostAddress entryFor(int ifindex, VipAddress vip) {
        boolean ipv6 = vip.address().family() == IpFamily.IPV6;
        // A link-local prefix is another one on each link.
        int below = vip.address().isLinkLocal() ? 0 : network.linkBelow(ifindex);
        boolean shared = (ipv6 && hasPrefix(ifindex, vip)) || (below != 0 && hasPrefix(below, vip));
        boolean noRoute = shared || !vip.options().prefixRoute();
        int flags = (ipv6 ? HostAddress.IFA_F_NODAD : 0) | (noRoute ? HostAddress.IFA_F_NOPREFIXROUTE : 0);
        return new HostAddress(
                ifindex, vip.address(), vip.prefixLength(), flags, vip.options().scope(), HostAddress.HOLDFAST);
    }

    private boolean hasPrefix(int ifindex, VipAddress vip) {
        return network.addresses(ifindex, vip.address().family()).stream()
                .anyMatch(other -> !other.isOurs() && vip.isInPrefixOf(other.address(), other.prefixLength()));
    }

    private static Outcome withFailure(Outcome outcome, Failure failure) {
        List<Failure> failed = new ArrayList<>(outcome.failed());
        failed.add(failure);
        return new Outcome(outcome.added(), outcome.removed(), failed);
    }

    private boolean isOnlyOne(HostAddress entry) {
        return network.addresses(entry.ifindex(), entry.address().family()).size() == 1;
    }

    private static Outcome empty() {
        return new Outcome(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
}
