package dev.sojourn.testing;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Adds to a {@link LeakDetector} what the process logs and prints until this is closed: every line of Sojourn at every
 * level, the lines of all other loggers at their own levels, exceptions, and what goes to {@code System.out} and {@code
 * System.err}, to which other logging systems write. Printed text still appears.
 *
 * <p>Changes the streams and levels of the whole process, so only one test may use it at a time.
 */
public final class CapturedLogs implements AutoCloseable {
    private final LeakDetector detector;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Logger root = Logger.getLogger("");
    private final Logger sojourn = Logger.getLogger("dev.sojourn");
    private final @Nullable Level previousLevel = sojourn.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            detector.add(line.getMessage() + Arrays.toString(line.getParameters()));
            if (line.getThrown() != null) {
                detector.add(line.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private CapturedLogs(LeakDetector detector) {
        this.detector = detector;
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        sojourn.setLevel(Level.ALL);
        System.setOut(captured(out));
        System.setErr(captured(err));
    }

    /**
     * Starts to capture.
     *
     * @param detector receives the lines
     * @return the capture; closing it ends it
     */
    public static CapturedLogs into(LeakDetector detector) {
        return new CapturedLogs(detector);
    }

    private PrintStream captured(PrintStream stream) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        detector.append(bytes, offset, length);
                        stream.write(bytes, offset, length);
                    }

                    @Override
                    public void flush() {
                        stream.flush();
                    }
                },
                true,
                StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        System.setOut(out);
        System.setErr(err);
        sojourn.setLevel(previousLevel);
        root.removeHandler(handler);
    }

    /** Returns which detector receives the lines, and none of them. */
    @Override
    public String toString() {
        return "CapturedLogs[" + detector + "]";
    }
}
