package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import dev.sojourn.spi.SessionStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The lab's command line. Prints {@code ready http://127.0.0.1:PORT} when the server answers, and serves until the
 * process is told to end.
 */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A small server for measuring sessions and for trying races. Listens on 127.0.0.1 only.")
public final class Lab implements Callable<Integer> {
    /** Everybody knows it: for a server that only this machine can reach. */
    private static final String LAB_SECRET = "Lab only, known to all: Zk7vQ2xYb9TnR4wHs8Lm";

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            required = true,
            description = "the port; 0 for any free one, which the ready line tells")
    private int port;

    @Option(names = "--adapter", paramLabel = "NAME", description = "jdk (default)")
    private String adapter = "jdk";

    @Option(names = "--store", paramLabel = "URL", description = "memory (default)")
    private String store = "memory";

    @Option(names = "--exclusive", description = "exclusive sessions; not there yet")
    private boolean exclusive;

    @Option(names = "--format", paramLabel = "NAME", description = "sojourn (default); express is not there yet")
    private String format = "sojourn";

    @Option(names = "--secret", paramLabel = "TEXT", description = "the secret; without it one that everybody knows")
    private String secret = LAB_SECRET;

    @Option(names = "--cookie", paramLabel = "NAME", description = "the cookie's name; without it Sojourn's default")
    private @Nullable String cookie;

    /** For the command line's parser. */
    Lab() {}

    /**
     * Runs the lab.
     *
     * @param arguments see {@code --help}
     */
    public static void main(String[] arguments) {
        int code = new CommandLine(new Lab()).execute(arguments);
        System.out.flush();
        if (code != 0) {
            System.exit(code);
        }
        // The server's own thread keeps the process alive.
    }

    @Override
    public Integer call() throws IOException {
        LabServer server = start();
        PrintWriter out = command().commandLine().getOut();
        out.println("ready " + server.address());
        out.flush();
        return 0;
    }

    private LabServer start() throws IOException {
        if (exclusive) {
            throw unusable("--exclusive is not there yet");
        }
        if (!format.equals("sojourn")) {
            throw unusable(
                    format.equals("express")
                            ? "--format express is not there yet"
                            : "there is no format '" + format + "'; what there is: sojourn");
        }
        try {
            return LabAdapter.named(adapter).start(port, sessions(LabStores.open(store)));
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()));
        }
    }

    private Sessions sessions(SessionStore opened) {
        String name = cookie;
        return Sessions.create(c -> c.secret(secret).store(opened).cookie(k -> {
            k.insecureHttp();
            if (name != null) {
                k.name(name);
            }
        }));
    }

    private ParameterException unusable(String message) {
        return new ParameterException(command().commandLine(), message);
    }

    private CommandSpec command() {
        if (command == null) {
            throw new IllegalStateException("the command line sets this");
        }
        return command;
    }
}
