package dev.holdfast.vrrp.fsm;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Delta debugging (Zeller, Hildebrandt 2002): leaves out of a failing list whatever it fails without. */
final class Shrinker {
    private Shrinker() {}

    /**
     * A shorter list that still fails, none of whose elements can be left out alone.
     *
     * @param failing a list that fails
     * @param fails whether a list with some of the elements, in their order, fails too; pure
     */
    static <T> List<T> shrink(List<T> failing, Predicate<List<T>> fails) {
        List<T> rest = failing;
        int pieces = 2;
        while (!rest.isEmpty()) {
            int size = (rest.size() + pieces - 1) / pieces;
            List<T> smaller = withoutOnePiece(rest, size, fails);
            if (smaller.size() < rest.size()) {
                rest = smaller;
                pieces = Math.max(2, pieces - 1);
            } else if (size == 1) {
                return rest;
            } else {
                pieces = Math.min(rest.size(), pieces * 2);
            }
        }
        return rest;
    }

    private static <T> List<T> withoutOnePiece(List<T> list, int size, Predicate<List<T>> fails) {
        for (int from = 0; from < list.size(); from += size) {
            List<T> rest = new ArrayList<>(list.subList(0, from));
            rest.addAll(list.subList(Math.min(list.size(), from + size), list.size()));
            if (fails.test(rest)) {
                return rest;
            }
        }
        return list;
    }
}
