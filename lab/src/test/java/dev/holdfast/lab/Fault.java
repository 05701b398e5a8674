package dev.holdfast.lab;

import static dev.holdfast.lab.Rivals.VIP_4;
import static dev.holdfast.lab.Rivals.VIP_6;
import static dev.holdfast.lab.Rivals.awaitSaid;
import static dev.holdfast.lab.Rivals.printed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.holdfast.lab.AgentProcess.Surroundings;
import dev.holdfast.lab.Rivals.Program;
import dev.holdfast.lab.Rivals.Rival;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;

/** What can befall the host that owns the addresses, or the one that waits for them. */
enum Fault {
    KILLED {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.second());
            rivals.first().process().kill();
            rivals.awaitHolders(Set.of(rivals.second()));
            awaitSaid(rivals.second(), said, "\\(VI_4\\) Entering MASTER STATE.*10\\.77\\.0\\.11 was last heard");
            awaitSaid(rivals.second(), said, "\\(VI_6\\) Entering MASTER STATE.*fe80::\\S+ was last heard");
            Instant mended = Instant.now();
            rivals.first().agent().restart();
            return mended;
        }
    },
    STOPPED_FOR_10_S {
        @Override
        Instant suffer(Rivals rivals) {
            Rival first = rivals.first();
            int firstSaid = printed(first);
            int secondSaid = printed(rivals.second());
            first.process().signalAll("STOP");
            // What keepalived has put there stays; Holdfast's addresses expire.
            Set<Rival> holders = first.isHoldfast() ? Set.of(rivals.second()) : rivals.both();
            rivals.awaitHolders(holders);
            rivals.assertHeldBy(holders, Duration.ofSeconds(10));
            if (!first.isHoldfast()) {
                awaitSaid(rivals.second(), secondSaid, conflictWith(first));
            }
            Instant mended = Instant.now();
            first.process().signalAll("CONT");
            if (first.isHoldfast()) {
                awaitSaid(first, firstSaid, "\\(VI_4\\) Entering BACKUP STATE: this host slept");
                awaitSaid(first, firstSaid, "\\(VI_6\\) Entering BACKUP STATE: this host slept");
            }
            return mended;
        }
    },
    CABLE_PULLED {
        @Override
        Instant suffer(Rivals rivals) {
            return unplugAndPlug(rivals);
        }
    },
    INTERFACE_DOWN {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.first());
            Host host = rivals.first().host();
            host.exec("ip", "link", "set", "eth0", "down");
            rivals.awaitHolders(Set.of(rivals.second()));
            awaitSaid(rivals.first(), said, "\\(VI_4\\) Entering FAULT STATE.*interface eth0 is down");
            awaitSaid(rivals.first(), said, "\\(VI_6\\) Entering FAULT STATE.*interface eth0 is down");
            Instant mended = Instant.now();
            host.exec("ip", "link", "set", "eth0", "up");
            return mended;
        }
    },
    SILENTLY_CUT_OFF {
        @Override
        Instant suffer(Rivals rivals) {
            Rival second = rivals.second();
            int said = printed(second);
            rivals.first().host().link().cut();
            // The first cannot know.
            rivals.awaitHolders(rivals.both());
            Instant mended = rivals.first().host().link().mend();
            if (second.isHoldfast()) {
                awaitSaid(second, said, "\\(VI_4\\) Entering MASTER STATE.*10\\.77\\.0\\.11 was last heard");
                awaitSaid(second, said, "\\(VI_4\\) Entering BACKUP STATE.*10\\.77\\.0\\.11 has priority 200");
                awaitSaid(second, said, "\\(VI_6\\) Entering BACKUP STATE.*fe80::\\S+ has priority 200");
            }
            return mended;
        }
    },
    /** The second does not hear the first, but the first hears the second. */
    ADVERTS_LOST_ON_THE_WAY {
        @Override
        Instant suffer(Rivals rivals) {
            int firstSaid = printed(rivals.first());
            int secondSaid = printed(rivals.second());
            Firewall.drop(rivals.second().host(), Firewall.Way.INPUT);
            rivals.awaitHolders(rivals.both());
            if (rivals.first().isHoldfast()) {
                awaitSaid(rivals.first(), firstSaid, conflictWith(rivals.second()));
            }
            if (rivals.second().isHoldfast()) {
                awaitSaid(rivals.second(), secondSaid, conflictWith(rivals.first()));
            }
            Instant mended = Instant.now();
            Firewall.open(rivals.second().host());
            return mended;
        }
    },
    /** The first's own firewall keeps it from speaking. */
    ADVERTS_REFUSED_BY_OWN_FIREWALL {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.first());
            Firewall.drop(rivals.first().host(), Firewall.Way.OUTPUT);
            rivals.awaitHolders(rivals.both());
            for (String instance : Rivals.INSTANCES) {
                awaitSaid(
                        rivals.first(),
                        said,
                        "\\(%s\\) an advertisement could not be sent on eth0: EPERM.*packet filter"
                                .formatted(instance));
            }
            Instant mended = Instant.now();
            Firewall.open(rivals.first().host());
            return mended;
        }
    },
    /** The first hears nobody; a MASTER need not. */
    DEAF_OWNER {
        @Override
        Instant suffer(Rivals rivals) {
            Instant struck = Instant.now();
            Firewall.drop(rivals.first().host(), Firewall.Way.INPUT);
            rivals.assertPeaceSince(struck);
            Firewall.open(rivals.first().host());
            rivals.assertUnmovedSince(struck, Duration.ZERO);
            return struck;
        }
    },
    INTERFACE_MADE_ANEW {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.first());
            Host host = rivals.first().host();
            host.link().remove();
            rivals.awaitHolders(Set.of(rivals.second()));
            awaitSaid(rivals.first(), said, "\\(VI_4\\) .*interface eth0 does not exist");
            awaitSaid(rivals.first(), said, "\\(VI_6\\) .*interface eth0 does not exist");
            Instant mended = Instant.now();
            host.restoreLink();
            return mended;
        }
    },
    ADDRESSES_REMOVED_BY_HAND {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.first());
            Instant struck = Instant.now();
            Host host = rivals.first().host();
            host.exec("ip", "addr", "del", VIP_4 + "/24", "dev", "eth0");
            host.exec("ip", "addr", "del", VIP_6 + "/64", "dev", "eth0");
            awaitSaid(
                    rivals.first(),
                    said,
                    "10\\.77\\.0\\.100/24 vanished from eth0 while MASTER, removed by (ip \\(process \\d+\\)|process \\d+, which has ended); put back");
            awaitSaid(rivals.first(), said, "fd00:77::100/64 vanished from eth0 while MASTER; put back");
            rivals.awaitHolders(Set.of(rivals.first()));
            rivals.assertUnmovedSince(struck, Duration.ofMillis(250));
            return struck;
        }
    },
    OWN_ADDRESS_REMOVED_BY_HAND {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.first());
            Host host = rivals.first().host();
            host.exec("ip", "addr", "del", host.address() + "/24", "dev", "eth0");
            rivals.awaitHolders(VIP_4, Set.of(rivals.second()));
            rivals.awaitHolders(VIP_6, Set.of(rivals.first()));
            awaitSaid(rivals.first(), said, "\\(VI_4\\) Entering FAULT STATE.*no IPv4 address of its own");
            Instant mended = Instant.now();
            host.exec("ip", "addr", "add", host.address() + "/24", "dev", "eth0");
            return mended;
        }
    },
    /** Somebody gives the one that waits what it must not have. */
    ADDRESSES_ADDED_BY_HAND_WHERE_THEY_DO_NOT_BELONG {
        @Override
        Instant suffer(Rivals rivals) {
            int said = printed(rivals.second());
            Instant struck = Instant.now();
            Host host = rivals.second().host();
            host.exec("ip", "addr", "add", VIP_4 + "/24", "dev", "eth0");
            host.exec("ip", "addr", "add", VIP_6 + "/64", "dev", "eth0");
            for (String instance : Rivals.INSTANCES) {
                awaitSaid(
                        rivals.second(),
                        said,
                        "\\(%s\\) .* was on eth0 although this host is not MASTER; removed".formatted(instance));
            }
            return struck;
        }
    },
    CLOCK_SET {
        @Override
        Surroundings surroundings(Host host) {
            return FakeClock.around(host);
        }

        @Override
        boolean isPossible() {
            return FakeClock.library().isPresent();
        }

        @Override
        Instant suffer(Rivals rivals) {
            Instant struck = Instant.now();
            for (Duration offset : new Duration[] {Duration.ofHours(-1), Duration.ofDays(1), Duration.ZERO}) {
                FakeClock.set(rivals.first().host(), offset);
                assertThat(Duration.between(Instant.now(), timeOf(rivals.first())))
                        .as("the agent goes by the clock of the test")
                        .isBetween(offset.minusSeconds(20), offset.plusSeconds(5));
                rivals.assertPeaceSince(struck);
                rivals.assertUnmovedSince(struck, Duration.ZERO);
            }
            FakeClock.set(rivals.first().host(), Duration.ofHours(-1));
            Instant mended = unplugAndPlug(rivals);
            rivals.awaitPeace();
            FakeClock.set(rivals.first().host(), Duration.ZERO);
            return mended;
        }
    },
    DISK_FULL {
        @Override
        Surroundings surroundings(Host host) {
            return TinyDisk.around(host);
        }

        @Override
        Instant suffer(Rivals rivals) {
            AgentProcess agent = rivals.first().agent();
            int said = printed(rivals.first());
            TinyDisk.fill(agent);
            Instant mended = unplugAndPlug(rivals);
            awaitSaid(rivals.first(), said, "run/state can't be written and is out of date: No space left on device");
            rivals.assertPeaceSince(mended);
            TinyDisk.free(agent);
            awaitSaid(rivals.first(), said, "run/state can be written again");
            assertThat(TinyDisk.stateFile(agent)).contains("INSTANCE VI_4 MASTER 200", "INSTANCE VI_6 MASTER 200");
            return mended;
        }
    },
    NO_DESCRIPTOR_LEFT {
        @Override
        Instant suffer(Rivals rivals) {
            AgentProcess agent = rivals.first().agent();
            int said = printed(rivals.first());
            Descriptors.leave(agent, 0);
            try {
                Instant mended = unplugAndPlug(rivals);
                rivals.awaitHolders(Set.of(rivals.first()));
                awaitSaid(rivals.first(), said, "run/state can't be written and is out of date: Too many open files");
                Descriptors.restore(agent);
                awaitSaid(rivals.first(), said, "run/state can be written again");
                return mended;
            } finally {
                Descriptors.restore(agent);
            }
        }
    },
    DESCRIPTORS_TAKEN_BY_HTTP_CLIENTS {
        @Override
        Instant suffer(Rivals rivals) {
            AgentProcess agent = rivals.first().agent();
            int said = printed(rivals.first());
            Descriptors.leave(agent, 20);
            try (IdleClients clients = IdleClients.of(agent, 60)) {
                Instant mended = unplugAndPlug(rivals);
                rivals.awaitHolders(Set.of(rivals.first()));
                awaitSaid(rivals.first(), said, "HTTP closes 0\\.0\\.0\\.0:9651.*too many open files");
                Await.until("a client to be cut off", Rivals.SOON, clients::areCutOff);
                awaitSaid(rivals.first(), said, "HTTP listens on");
                return mended;
            } finally {
                Descriptors.restore(agent);
            }
        }
    },
    NO_DESCRIPTOR_LEFT_FOR_A_NEW_INTERFACE {
        @Override
        Instant suffer(Rivals rivals) {
            AgentProcess agent = rivals.first().agent();
            Host host = rivals.first().host();
            int said = printed(rivals.first());
            host.link().remove();
            rivals.awaitHolders(Set.of(rivals.second()));
            awaitSaid(rivals.first(), said, "\\(VI_6\\) Entering FAULT STATE");
            Descriptors.leave(agent, 0);
            try {
                host.restoreLink();
                awaitSaid(rivals.first(), said, "\\(VI_6\\) .*interface eth0: a raw socket cannot be opened: EMFILE");
                rivals.assertHeldBy(Set.of(rivals.second()), Rivals.LIFETIME);
                // Nothing happens to the host from now on that could make the agent look again.
            } finally {
                Descriptors.restore(agent);
            }
            return Instant.now();
        }
    };

    /**
     * Brings it about, checks who owns the addresses meanwhile and what is said, and mends it.
     *
     * @return when it was mended; from then on no two hosts may hold an address together for long
     */
    abstract Instant suffer(Rivals rivals);

    /** What the first one's agent needs for it. */
    Surroundings surroundings(Host host) {
        return Surroundings.USUAL;
    }

    /** Whether this machine has what it takes. */
    boolean isPossible() {
        return true;
    }

    /** Whether it can befall these two and says something about Holdfast. */
    boolean concerns(Program first, Program second) {
        boolean ours = first == Program.HOLDFAST && second == Program.HOLDFAST;
        return switch (this) {
            case STOPPED_FOR_10_S, SILENTLY_CUT_OFF, ADVERTS_LOST_ON_THE_WAY ->
                first == Program.HOLDFAST || second == Program.HOLDFAST;
            default -> ours;
        };
    }

    /** What time it is to an agent: it says so in its log. */
    private static Instant timeOf(Rival rival) {
        int said = printed(rival);
        rival.agent().reload(rival.config());
        awaitSaid(rival, said, "Configuration reloaded");
        String line = rival.process().linesFrom(said).getFirst().text();
        return Instant.parse(line.substring(0, line.indexOf(' ')));
    }

    private static Instant unplugAndPlug(Rivals rivals) {
        int said = printed(rivals.first());
        rivals.first().host().link().unplug();
        rivals.awaitHolders(Set.of(rivals.second()));
        awaitSaid(rivals.first(), said, "\\(VI_4\\) Entering FAULT STATE.*interface eth0 has no carrier");
        awaitSaid(rivals.first(), said, "\\(VI_6\\) Entering FAULT STATE.*interface eth0 has no carrier");
        return rivals.first().host().link().plug();
    }

    private static String conflictWith(Rival other) {
        return "\\(VI_4\\) vip conflict: 10\\.77\\.0\\.100 is also held by "
                + other.host().mac() + " .*protocol 112";
    }
}
