package dev.sojourn.demo;

import dev.sojourn.demo.store.DemoStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;

/** The demo's main class: starts the demo and prints its address. */
public final class Demo {
    /** Strong references: otherwise the loggers may be garbage collected, and their levels with them. */
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    private static final Logger SERVLET = Logger.getLogger("dev.sojourn.servlet");

    private Demo() {}

    /**
     * Runs the demo until the process is stopped.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        // Without this, the JDK 17 server delays every response by 44 ms.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        // Lettuce logs every connection attempt. The demo reports the failure itself, here or on a page.
        LETTUCE.setLevel(Level.OFF);
        // Reports at INFO that sealed sessions give no HttpSession, which the demo does not use.
        SERVLET.setLevel(Level.WARNING);
        try {
            start(Settings.from(System.getenv()), System.out);
        } catch (IOException | IllegalArgumentException e) {
            fail(String.valueOf(e.getMessage()));
        }
    }

    private static void start(Settings settings, PrintStream out) throws IOException {
        if (settings.needsData()) {
            DataFolder.create(settings.data());
        }
        String secret = settings.secret().isPresent()
                ? settings.secret().get()
                : SecretFile.readOrCreate(settings.secretFile());
        DemoStore store = DemoStore.open(settings.store());
        DemoServer server = listen(settings, secret, store);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, store), "demo-stop"));
        boolean sealed = settings.store().isSealed();
        out.println((sealed ? "Sessions are sealed in their cookies, and revocations" : "Sessions") + " are stored in "
                + settings.store().description() + " (set STORE for another store).");
        out.println((sealed ? "Sealing" : "Signing") + " with the secret in "
                + (settings.secret().isPresent()
                        ? "SOJOURN_SECRET."
                        : settings.secretFile() + "; set SOJOURN_SECRET to use your own."));
        out.println("The demo is at " + server.address() + " (Ctrl-C stops it)");
    }

    private static DemoServer listen(Settings settings, String secret, DemoStore store) throws IOException {
        try {
            return DemoServer.start(settings.adapter(), settings.port(), secret, Clock.systemUTC(), store);
        } catch (BindException e) {
            store.close();
            throw new IOException(
                    "port " + settings.port()
                            + " is not available, most likely because another program listens on it: choose another port,"
                            + " for example PORT=8081 ./demo",
                    e);
        } catch (IOException | RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private static void stop(DemoServer server, DemoStore store) {
        server.close();
        store.close();
    }

    private static void fail(String problem) {
        System.err.println("demo: " + problem);
        System.exit(1);
    }
}
