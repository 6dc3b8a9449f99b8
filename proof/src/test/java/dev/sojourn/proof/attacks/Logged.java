package dev.sojourn.proof.attacks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects everything that is logged while it is open, from the finest level on. */
final class Logged implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Logger ours = Logger.getLogger("dev.sojourn");
    private final Level before = root.getLevel();
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord logged) {
            records.add(logged);
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    Logged() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        ours.setLevel(Level.ALL);
    }

    List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** The messages of our own loggers. */
    List<String> ours() {
        return records.stream()
                .filter(logged -> String.valueOf(logged.getLoggerName()).startsWith("dev.sojourn"))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Override
    public void close() {
        root.removeHandler(handler);
        root.setLevel(before);
        ours.setLevel(null);
    }
}
