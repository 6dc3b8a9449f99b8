package dev.sojourn.histories;

import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Records the operations of all clients. Thread-safe. */
final class History {
    private final Queue<Operation> operations = new ConcurrentLinkedQueue<>();
    private final AtomicInteger ids = new AtomicInteger();

    int nextId() {
        return ids.incrementAndGet();
    }

    void add(Operation operation) {
        operations.add(operation);
    }

    /** Returns all operations in the order of their start. */
    List<Operation> operations() {
        return operations.stream()
                .sorted(Comparator.comparingLong(Operation::start))
                .toList();
    }
}
