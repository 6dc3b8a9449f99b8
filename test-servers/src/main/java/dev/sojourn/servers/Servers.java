package dev.sojourn.servers;

import java.util.Locale;
import java.util.Optional;

/** What these servers need of the machine. */
public final class Servers {

    private Servers() {}

    /**
     * Says why no server can be started here, for a test that wants to skip by name.
     *
     * @return what is missing and what to do about it; empty where all servers run, which is every Linux on x86-64
     */
    public static Optional<String> unavailableReason() {
        String os = System.getProperty("os.name", "");
        String cpu = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        if (os.equals("Linux") && (cpu.equals("amd64") || cpu.equals("x86_64"))) {
            return Optional.empty();
        }
        return Optional.of("The test servers are binaries for Linux on x86-64, and this is " + os + " on " + cpu
                + ": run the tests in a Linux container for that platform (glibc, OpenSSL 3)");
    }

    static void require() {
        unavailableReason().ifPresent(reason -> {
            throw new ServerException(reason);
        });
    }
}
