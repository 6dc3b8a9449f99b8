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
 * Notes in a {@link LeakDetector} what the process logs and prints until it is closed: every line of Sojourn at every level,
 * the lines of all other loggers at the levels that are on, with their exceptions, and what goes to {@code System.out} and
 * {@code System.err}, where other logging systems write. What is printed still appears.
 *
 * <p>It changes the streams and the levels of the whole process, so it is for one test at a time.
 */
public final class CapturedLogs implements AutoCloseable {
    private final LeakDetector transcript;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final Logger root = Logger.getLogger("");
    private final Logger sojourn = Logger.getLogger("dev.sojourn");
    private final @Nullable Level before = sojourn.getLevel();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            transcript.add(line.getMessage() + Arrays.toString(line.getParameters()));
            if (line.getThrown() != null) {
                transcript.add(line.getThrown());
            }
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    };

    private CapturedLogs(LeakDetector transcript) {
        this.transcript = transcript;
        handler.setLevel(Level.ALL);
        root.addHandler(handler);
        sojourn.setLevel(Level.ALL);
        System.setOut(printed(out));
        System.setErr(printed(err));
    }

    /**
     * Starts to capture.
     *
     * @param transcript where the lines are noted
     * @return what ends it when it is closed
     */
    public static CapturedLogs into(LeakDetector transcript) {
        return new CapturedLogs(transcript);
    }

    private PrintStream printed(PrintStream stream) {
        return new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        write(new byte[] {(byte) b}, 0, 1);
                    }

                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        transcript.append(bytes, offset, length);
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
        sojourn.setLevel(before);
        root.removeHandler(handler);
    }

    /** Says where the lines go; shows none. */
    @Override
    public String toString() {
        return "CapturedLogs[" + transcript + "]";
    }
}
