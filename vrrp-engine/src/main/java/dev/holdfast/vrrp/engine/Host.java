package dev.holdfast.vrrp.engine;

import dev.holdfast.vrrp.engine.announce.ArpSocket;
import dev.holdfast.vrrp.engine.ffi.Libc;
import dev.holdfast.vrrp.engine.netlink.RouteRequests;
import dev.holdfast.vrrp.engine.raw.Outbox;
import dev.holdfast.vrrp.wire.IpAddress;
import dev.holdfast.vrrp.wire.IpFamily;
import java.util.function.ObjLongConsumer;
import java.util.function.Predicate;

/**
 * What all instances share; for the event loop alone.
 *
 * @param libc system calls
 * @param deadlines what waits for a time
 * @param watches watches descriptors for input
 * @param sockets opens what hears on a link
 * @param outbox what instances say at the same moment; flushed at the end of each turn of the loop
 * @param network links and addresses as they are
 * @param vips changes addresses
 * @param routing changes routes and rules
 * @param promotion sets promote_secondaries
 * @param arp announces addresses and asks for other holders
 * @param pacer lets announcements out in good order
 * @param requests asks the kernel for links and changes them
 * @param arpSettings keeps interfaces below virtual MACs quiet
 * @param listener the rest of the agent
 * @param isVirtual whether an address moves with some instance, so that it is nobody's source address
 * @param lastRehearsal told of a take-over's family and of the time a moment before it comes
 */
record Host(
        Libc libc,
        DeadlineQueue deadlines,
        Watches watches,
        Sockets sockets,
        Outbox outbox,
        HostNetwork network,
        VipKeeper vips,
        RoutingKeeper.RoutingTables routing,
        SecondaryPromotion promotion,
        ArpSocket arp,
        AnnouncePacer pacer,
        RouteRequests requests,
        ArpSettings arpSettings,
        SafeListener listener,
        Predicate<IpAddress> isVirtual,
        ObjLongConsumer<IpFamily> lastRehearsal) {}
