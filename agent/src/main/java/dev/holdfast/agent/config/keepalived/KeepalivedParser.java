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
 * Reads the form of a keepalived.conf from the lines that {@link LineReader} left: one statement a line, blocks in braces on
 * the same or the next line, quotes. Knows no keyword but those whose values are quoted in another way.
 */
final class KeepalivedParser {
    private static final int MAX_DEPTH = 32;
    private static final String NO_KEYWORD = "";
    private static final char NONE = '\0';

    private final List<Fault> faults = new ArrayList<>();
    private final Node root = new Node(new Position("", 0), NO_KEYWORD, List.of());
    private final Deque<Node> open = new ArrayDeque<>();

    /** A statement that may still get a block. */
    private static final class Node {
        final Position at;
        final String keyword;
        final List<Word> arguments;

        @Nullable
        List<Node> block;

        Node(Position at, String keyword, List<Word> arguments) {
            this.at = at;
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
                    at,
                    keyword,
                    arguments,
                    block == null ? null : block.stream().map(Node::toStatement).toList());
        }
    }

    private KeepalivedParser() {}

    /**
     * What was read.
     *
     * @param statements the outermost ones
     * @param faults what is wrong with the form; the statements are as good as they could be made
     */
    record Parsed(List<Statement> statements, List<Fault> faults) {}

    static Parsed parse(List<Line> lines) {
        KeepalivedParser parser = new KeepalivedParser();
        parser.read(lines);
        List<Statement> statements =
                parser.root.openBlock().stream().map(Node::toStatement).toList();
        return new Parsed(statements, List.copyOf(parser.faults));
    }

    private void read(List<Line> lines) {
        open.push(root);
        for (Line line : lines) {
            line(line.at(), line.text());
            if (open.size() > MAX_DEPTH) {
                fault(line.at(), "at most " + MAX_DEPTH + " blocks inside each other");
                return;
            }
        }
        open.descendingIterator().forEachRemaining(node -> {
            if (node != root) {
                fault(node.at, "a } for every {; the block that begins here is not closed");
            }
        });
    }

    private void line(Position at, String line) {
        List<Word> words = new ArrayList<>();
        StringBuilder word = new StringBuilder();
        boolean inWord = false;
        boolean quoted = false;
        char quote = NONE;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            // Scripts are quoted as in a shell, with escapes; all other values know double quotes alone.
            boolean script =
                    !words.isEmpty() && Keywords.takesCommand(words.getFirst().text());
            if (c == '\\' && i + 1 < line.length() && (script || (quote != NONE && line.charAt(i + 1) == '"'))) {
                inWord = true;
                if (script) {
                    i = Escapes.read(line, i, word) - 1;
                } else {
                    i++;
                    word.append('"');
                }
            } else if (quote != NONE) {
                if (c == quote) {
                    quote = NONE;
                } else {
                    word.append(c);
                }
            } else if (c == '"' || (script && c == '\'')) {
                quote = c;
                quoted = true;
                inWord = true;
            } else if (isBrace(c, word) || Character.isWhitespace(c)) {
                addWord(words, word, inWord, quoted);
                inWord = false;
                quoted = false;
                if (c == '{') {
                    openBlock(at, words);
                } else if (c == '}') {
                    statement(at, words);
                    closeBlock(at);
                }
            } else {
                inWord = true;
                word.append(c);
            }
        }
        addWord(words, word, inWord, quoted);
        statement(at, words);
        if (quote != NONE) {
            fault(at, "a closing quote on the same line");
        }
    }

    /** Those of a {@code ${NAME}} that nobody defined belong to the word. */
    private static boolean isBrace(char c, StringBuilder word) {
        return (c == '{' || c == '}') && !(word.length() > 0 && word.charAt(0) == '$');
    }

    private static void addWord(List<Word> words, StringBuilder word, boolean inWord, boolean quoted) {
        if (inWord) {
            words.add(new Word(word.toString(), quoted));
            word.setLength(0);
        }
    }

    private void statement(Position at, List<Word> words) {
        if (!words.isEmpty()) {
            current().add(node(at, words));
            words.clear();
        }
    }

    private void openBlock(Position at, List<Word> words) {
        Node owner;
        if (!words.isEmpty()) {
            owner = node(at, words);
            current().add(owner);
            words.clear();
        } else {
            List<Node> siblings = current();
            Node last = siblings.isEmpty() ? null : siblings.getLast();
            if (last != null && last.block == null) {
                owner = last;
            } else {
                fault(at, "a keyword before the {");
                owner = new Node(at, NO_KEYWORD, List.of());
            }
        }
        owner.openBlock();
        open.push(owner);
    }

    private void closeBlock(Position at) {
        if (open.peek() == root) {
            fault(at, "a { for every }; nothing is open here");
        } else {
            open.pop();
        }
    }

    private List<Node> current() {
        Node node = open.peek();
        return node == null ? root.openBlock() : node.openBlock();
    }

    private static Node node(Position at, List<Word> words) {
        return new Node(at, words.getFirst().text(), List.copyOf(words.subList(1, words.size())));
    }

    // The line itself is never shown: it may hold a password.
    private void fault(Position at, String accepted) {
        faults.add(new Fault(FaultReason.SYNTAX, at, "", "", accepted));
    }
}
