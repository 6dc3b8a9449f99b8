package dev.sojourn.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.net.BindException;
import java.time.Clock;

/** Starts the demo and says where it is. */
public final class Demo {
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
        try {
            start(Settings.from(System.getenv()), System.out);
        } catch (IOException | IllegalArgumentException e) {
            end(String.valueOf(e.getMessage()));
        }
    }

    private static void start(Settings settings, PrintStream out) throws IOException {
        DemoServer server = listen(settings);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "demo-stop"));
        out.println(
                settings.secretIsOurs()
                        ? "Signing with a random secret made for this start; set SESSION_SECRET to bring your own."
                        : "Signing with the secret in SESSION_SECRET.");
        out.println("The demo is at " + server.address() + " (Ctrl-C ends it)");
    }

    private static DemoServer listen(Settings settings) throws IOException {
        try {
            return DemoServer.start(settings.port(), settings.secret(), Clock.systemUTC());
        } catch (BindException e) {
            throw new IOException(
                    "port " + settings.port()
                            + " cannot be had, most likely because something listens there already: choose another one,"
                            + " for example PORT=8081 ./demo",
                    e);
        }
    }

    private static void end(String problem) {
        System.err.println("demo: " + problem);
        System.exit(1);
    }
}
