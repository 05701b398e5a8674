package dev.holdfast.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent is killed in a heal, at every step of it, and started again. */
class KilledHealTest {

    /** The process ended here. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** A disk that the process in front of it is killed at. */
    private static final class Disk implements StateStore {
        final StateStore files = new MemoryFiles();
        int left = Integer.MAX_VALUE;
        boolean written;

        private interface Write {
            void run() throws IOException;
        }

        private void write(Write write) throws IOException {
            boolean last = --left == 0;
            if (!last || written) {
                write.run();
            }
            if (last) {
                throw new Killed();
            }
        }

        @Override
        public byte @Nullable [] read(String name) throws IOException {
            return files.read(name);
        }

        @Override
        public void replace(String name, byte[] content) throws IOException {
            write(() -> files.replace(name, content));
        }

        @Override
        public void append(String name, byte[] line) throws IOException {
            write(() -> files.append(name, line));
        }

        @Override
        public long size(String name) throws IOException {
            return files.size(name);
        }

        @Override
        public void rename(String from, String to) throws IOException {
            write(() -> files.rename(from, to));
        }
    }

    @TempDir
    Path stateDir;

    private Rig rig(Disk disk) {
        Rig rig = new Rig(stateDir);
        rig.store = disk;
        rig.newHealer(HealMode.GUARDED);
        rig.runSeconds(20);
        rig.engine = () -> Swarms.noLeader(2);
        rig.master();
        return rig;
    }

    private static boolean runUntilKilled(Rig rig) {
        try {
            rig.runSeconds(120);
            return false;
        } catch (Killed e) {
            return true;
        }
    }

    private static void goOn(Rig rig, Disk disk) {
        disk.left = Integer.MAX_VALUE;
        rig.newHealer(HealMode.GUARDED);
        rig.master();
        rig.runSeconds(600);
    }

    @Test
    void atEachWriteNothingIsForcedTwiceAndWhatShouldHealHeals() {
        int kills = 0;
        for (int at = 1; at < 100; at++) {
            for (boolean written : new boolean[] {false, true}) {
                Disk disk = new Disk();
                Rig rig = rig(disk);
                disk.left = at;
                disk.written = written;
                if (!runUntilKilled(rig)) {
                    assertThat(rig.forced).hasSize(1);
                    assertThat(kills).isGreaterThan(10);
                    return;
                }
                kills++;
                goOn(rig, disk);
                assertThat(rig.forced)
                        .as("killed at write %d, written: %s", at, written)
                        .hasSize(1);
                assertThat(rig.healer.status().state()).isEqualTo(SwarmState.HAS_LEADER);
            }
        }
        throw new AssertionError("the heal never ended");
    }

    @Test
    void duringACallThatWorkedTheNextRunPutsItOnRecordAndForcesNothing() throws IOException {
        Disk disk = new Disk();
        Rig rig = rig(disk);
        rig.onForce = request -> {
            rig.engine = () -> Swarms.hasLeader(1, 1);
            throw new Killed();
        };
        assertThat(runUntilKilled(rig)).isTrue();
        goOn(rig, disk);
        assertThat(rig.forced).hasSize(1);
        HealStatus.LastForce last = rig.healer.status().lastForce();
        assertThat(last).isNotNull();
        assertThat(last.result()).isEqualTo(ForceResult.SUCCESS);
        assertThat(rig.healer.journal(100))
                .anySatisfy(line -> assertThat(line).contains("\"event\":\"result\"", "success"));
    }

    @Test
    void duringACallThatDidNotWorkTheNextRunPausesAndTriesAgain() {
        Disk disk = new Disk();
        Rig rig = rig(disk);
        var works = rig.onForce;
        rig.onForce = request -> {
            throw new Killed();
        };
        assertThat(runUntilKilled(rig)).isTrue();
        rig.onForce = works;
        goOn(rig, disk);
        assertThat(rig.forced).hasSize(2);
        assertThat(rig.healer.status().state()).isEqualTo(SwarmState.HAS_LEADER);
    }

    /** Whatever a crash or a bad disk took of the file, what is left whole is read, and what follows is whole. */
    @Test
    void aJournalWithHolesLosesNoMoreThanTheHoles() throws IOException {
        SwarmGateway.ForceRequest request = new SwarmGateway.ForceRequest(Swarms.ip("10.0.0.1"), 2377, 4789);
        HealPlan plan = new HealPlan.Force(Swarms.ip("10.0.0.1"), "a \"quoted\" {\"at\": detail}\nof two lines");
        FakeClock clock = new FakeClock();
        for (long seed = 1; seed <= 500; seed++) {
            Random random = new Random(seed);
            MemoryFiles files = new MemoryFiles();
            HealJournal journal = new HealJournal(files, clock);
            for (int i = 0; i < 6; i++) {
                journal.attempt("a" + i, request, plan, Swarms.managers(2, 0));
            }
            byte[] whole = files.read(HealJournal.FILE);
            assertThat(whole).isNotNull();
            int line = whole.length / 6;
            int broken = random.nextInt(6);
            int from = broken * line + random.nextInt(line);
            int to = Math.min((broken + 1) * line, from + 1 + random.nextInt(line));
            byte[] holed = whole.clone();
            for (int i = from; i < to; i++) {
                holed[i] = (byte) random.nextInt(256);
            }
            files.replace(HealJournal.FILE, holed);
            journal.attempt("last", request, plan, Swarms.managers(2, 0));
            assertThat(new HealJournal(files, clock)
                            .load(HealConfig.defaults().backoffMax())
                            .calls())
                    .as("seed %d", seed)
                    .hasSizeBetween(6, 7);
        }
    }
}
