package dev.holdfast.agent.doctor;

import java.nio.file.Path;
import java.util.List;

/** Judges the programs that the agent runs. */
final class ProgramJudge {
    private ProgramJudge() {}

    /** A program on this host. */
    record Program(Path path, boolean exists, boolean executable, boolean writableByOthers) {}

    /** What is wrong with it. */
    static List<Finding> judge(Program program) {
        String path = program.path().toString();
        if (!program.exists()) {
            return List.of(
                    new Finding(Complaint.SCRIPT_MISSING, path, "this host has no file " + path, "ls -l " + path));
        }
        if (!program.executable()) {
            return List.of(new Finding(
                    Complaint.SCRIPT_NOT_EXECUTABLE, path, path + " may not be executed", "chmod +x " + path));
        }
        return program.writableByOthers()
                ? List.of(new Finding(
                        Complaint.SCRIPT_WRITABLE_BY_OTHERS,
                        path,
                        "others than its owner may change " + path + ", which the agent runs",
                        "chmod go-w " + path))
                : List.of();
    }
}
