package dev.sojourn.proof.attacks;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Captures all log records of all levels while it is open. */
public final class LogCapture implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final Logger sojourn = Logger.getLogger("dev.sojourn");
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

    /** Starts to capture. */
    public LogCapture() {
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        root.setLevel(Level.ALL);
        sojourn.setLevel(Level.ALL);
    }

    /** Returns what was logged. */
    public List<LogRecord> records() {
        return List.copyOf(records);
    }

    /** Returns the messages of Sojourn's loggers. */
    public List<String> sojournMessages() {
        return records.stream()
                .filter(logged -> String.valueOf(logged.getLoggerName()).startsWith("dev.sojourn"))
                .map(LogRecord::getMessage)
                .toList();
    }

    @Override
    public void close() {
        root.removeHandler(handler);
        root.setLevel(before);
        sojourn.setLevel(null);
    }
}
