package dev.sojourn.servers;

import java.util.Locale;
import java.util.Optional;

/** Checks whether the test servers run on this machine. */
public final class Servers {

    private Servers() {}

    /**
     * Returns why no server can be started here, for the message of a skipped test.
     *
     * @return the missing requirement and what to do about it; empty if all servers run, as on every Linux on x86-64
     */
    public static Optional<String> unavailableReason() {
        String os = System.getProperty("os.name", "");
        String cpu = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (os.equals("Linux") && (cpu.equals("amd64") || cpu.equals("x86_64"))) {
            return Optional.empty();
        }
        return Optional.of("The test servers are binaries for Linux on x86-64, but this is " + os + " on " + cpu
                + ": run the tests in a Linux container for that platform (glibc, OpenSSL 3)");
    }

    static void require() {
        unavailableReason().ifPresent(reason -> {
            throw new ServerException(reason);
        });
    }
}
