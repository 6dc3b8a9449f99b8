package dev.sojourn.demo;

import dev.sojourn.demo.store.DemoStore;
import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Clock;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Starts the demo and says where it is. */
public final class Demo {
    /** Held, so that its level is not forgotten. */
    private static final Logger LETTUCE = Logger.getLogger("io.lettuce");

    private Demo() {}

    /**
     * Listens until the process is told to end.
     *
     * @param arguments none
     */
    public static void main(String[] arguments) {
        // The server of JDK 17 waits 44 ms with every answer without this.
        if (System.getProperty("sun.net.httpserver.nodelay") == null) {
            System.setProperty("sun.net.httpserver.nodelay", "true");
        }
        // Lettuce tells of every try to connect; what it means is said here, or on a page.
        LETTUCE.setLevel(Level.OFF);
        try {
            start(Settings.from(System.getenv()), System.out);
        } catch (IOException | IllegalArgumentException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private static void start(Settings settings, PrintStream out) throws IOException {
        if (settings.needsData()) {
            DataFolder.make(settings.data());
        }
        String secret = settings.secret().isPresent() ? settings.secret().get() : KeptSecret.in(settings.secretFile());
        DemoStore store = DemoStore.open(settings.store());
        DemoServer server = listen(settings, secret, store);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, store), "demo-stop"));
        out.println("Sessions are kept in " + settings.store().shown() + " (STORE=… for another store).");
        out.println(
                settings.secret().isPresent()
                        ? "Signing with the secret in SOJOURN_SECRET."
                        : "Signing with the secret in " + settings.secretFile()
                                + "; set SOJOURN_SECRET to bring your own.");
        out.println("The demo is at " + server.address() + " (Ctrl-C ends it)");
    }

    private static DemoServer listen(Settings settings, String secret, DemoStore store) throws IOException {
        try {
            return DemoServer.start(
                    settings.adapter(),
                    settings.port(),
                    secret,
                    Clock.systemUTC(),
                    store.store(),
                    settings.store().name());
        } catch (BindException e) {
            store.close();
            throw new IOException(
                    "port " + settings.port()
                            + " cannot be had, most likely because something listens there already: choose another one,"
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

    private static void end(String problem) {
        System.err.println("demo: " + problem);
        System.exit(1);
    }
}
