package dev.holdfast.agent.config.keepalived;

import dev.holdfast.agent.config.keepalived.Statement.Word;
import dev.holdfast.agent.config.report.Fault;
import dev.holdfast.agent.config.report.FaultReason;
import dev.holdfast.agent.config.report.Position;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the form of a keepalived.conf: one statement a line, blocks in braces on the same or the next line, {@code !} and
 * {@code #} for comments, double quotes, a backslash at the end of a line to go on. Knows no keyword.
 */
final class KeepalivedParser {
    private static final int MAX_DEPTH = 32;
    private static final String NO_KEYWORD = "";

    private final String file;
    private final List<Fault> faults = new ArrayList<>();
    private final Node root = new Node(0, NO_KEYWORD, List.of());
    private final Deque<Node> open = new ArrayDeque<>();

    /** A statement that may still get a block. */
    private static final class Node {
        final int line;
        final String keyword;
        final List<Word> arguments;

        @Nullable
        List<Node> block;

        Node(int line, String keyword, List<Word> arguments) {
            this.line = line;
            this.keyword = keyword;
            this.arguments = arguments;
        }

        List<Node> openBlock() {
            if (block == null) {
                block = new ArrayList<>();
            }
            return block;
        }

        Statement toStatement() {
            return new Statement(
                    line,
                    keyword,
                    arguments,
                    block == null ? null : block.stream().map(Node::toStatement).toList());
        }
    }

    private KeepalivedParser(String file) {
        this.file = file;
    }

    /**
     * What was read.
     *
     * @param statements the outermost ones
     * @param faults what is wrong with the form; the statements are as good as they could be made
     */
    record Parsed(List<Statement> statements, List<Fault> faults) {}

    static Parsed parse(String file, String text) {
        KeepalivedParser parser = new KeepalivedParser(file);
        parser.read(text);
        List<Statement> statements =
                parser.root.openBlock().stream().map(Node::toStatement).toList();
        return new Parsed(statements, List.copyOf(parser.faults));
    }

    private void read(String text) {
        open.push(root);
        String[] lines = text.split("\r\n|\r|\n", -1);
        List<Word> words = new ArrayList<>();
        int first = 1;
        for (int i = 0; i < lines.length; i++) {
            if (words.isEmpty()) {
                first = i + 1;
            }
            boolean goesOn = line(lines[i], i + 1, first, words);
            if (!goesOn) {
                statement(first, words);
            }
            if (open.size() > MAX_DEPTH) {
                fault(i + 1, "at most " + MAX_DEPTH + " blocks inside each other");
                return;
            }
        }
        statement(first, words);
        open.descendingIterator().forEachRemaining(node -> {
            if (node != root) {
                fault(node.line, "a } for every {; the block that begins here is not closed");
            }
        });
    }

    /** Takes one line apart; true if a backslash says that the statement goes on with the next line. */
    private boolean line(String line, int number, int first, List<Word> words) {
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean quoted = false;
        boolean inQuotes = false;
        int begin = first;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            char next = i + 1 < line.length() ? line.charAt(i + 1) : '\0';
            if (inQuotes) {
                if (c == '"') {
                    inQuotes = false;
                } else {
                    if (c == '\\' && next == '"') {
                        i++;
                        c = next;
                    }
                    word.append(c);
                }
                continue;
            }
            if (c == '\\' && line.substring(i + 1).isBlank()) {
                addWord(words, word, inWord, quoted);
                return true;
            }
            boolean comment = c == '!' || c == '#';
            boolean brace = (c == '{' || c == '}') && !(word.length() > 0 && word.charAt(0) == '$');
            if (comment || brace || Character.isWhitespace(c)) {
                addWord(words, word, inWord, quoted);
                inWord = false;
                quoted = false;
                if (comment) {
                    return false;
                }
                if (c == '{') {
                    openBlock(words.isEmpty() ? number : begin, words);
                    begin = number;
                } else if (c == '}') {
                    statement(begin, words);
                    closeBlock(number);
                    begin = number;
                }
                continue;
            }
            if (words.isEmpty() && !inWord) {
                begin = number;
            }
            inWord = true;
            if (c == '"') {
                inQuotes = true;
                quoted = true;
            } else if (c == '\\' && (next == '#' || next == '!')) {
                word.append(next);
                i++;
            } else {
                word.append(c);
            }
        }
        addWord(words, word, inWord, quoted);
        if (inQuotes) {
            fault(number, "a closing quote on the same line");
        }
        return false;
    }

    private static void addWord(List<Word> words, StringBuilder word, boolean inWord, boolean quoted) {
        if (inWord) {
            words.add(new Word(word.toString(), quoted));
            word.setLength(0);
        }
    }

    private void statement(int line, List<Word> words) {
        if (!words.isEmpty()) {
            current().add(node(line, words));
            words.clear();
        }
    }

    private void openBlock(int line, List<Word> words) {
        Node owner;
        if (!words.isEmpty()) {
            owner = node(line, words);
            current().add(owner);
            words.clear();
        } else {
            List<Node> siblings = current();
            Node last = siblings.isEmpty() ? null : siblings.getLast();
            if (last != null && last.block == null) {
                owner = last;
            } else {
                fault(line, "a keyword before the {");
                owner = new Node(line, NO_KEYWORD, List.of());
            }
        }
        owner.openBlock();
        open.push(owner);
    }

    private void closeBlock(int line) {
        if (open.peek() == root) {
            fault(line, "a { for every }; nothing is open here");
        } else {
            open.pop();
        }
    }

    private List<Node> current() {
        Node node = open.peek();
        return node == null ? root.openBlock() : node.openBlock();
    }

    private static Node node(int line, List<Word> words) {
        return new Node(line, words.getFirst().text(), List.copyOf(words.subList(1, words.size())));
    }

    // The line itself is never shown: it may hold a password.
    private void fault(int line, String accepted) {
        faults.add(new Fault(FaultReason.SYNTAX, new Position(file, line), "", "", accepted));
    }
}
