package dev.sojourn.benchmarks.lab;

import dev.sojourn.Sessions;
import dev.sojourn.express.Express;
import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
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
    private static final int MOST_WAITING = 1_000;

    private static final String LAB_SECRET = "Lab only, known to all: Zk7vQ2xYb9TnR4wHs8Lm";

    private static final String DEFAULT_ADAPTER = "jdk";

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            required = true,
            description = "the port; 0 for any free one, which the ready line tells")
    private int port;

    @Option(
            names = "--adapter",
            paramLabel = "NAME",
            completionCandidates = LabAdapter.Names.class,
            defaultValue = DEFAULT_ADAPTER,
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} unless named")
    private String adapter = DEFAULT_ADAPTER;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "memory (default), redis://…, redis-sentinel://…#master, redis-cluster://…, jdbc:postgresql:…,"
                            + " jdbc:mariadb:…, jdbc:mysql:…, jdbc:sqlite:FILE, jdbc:h2:…; a table that is missing is made")
    private String store = "memory";

    @Option(
            names = "--pool",
            paramLabel = "N",
            description = "connections to a database, 32 by default; a SQLite file has four")
    private int pool = LabStores.POOL;

    @Option(
            names = "--exclusive",
            description = "exclusive sessions: each request that uses its session has it to itself")
    private boolean exclusive;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "sojourn (default), or express: express-session's cookies and records, which are in"
                    + " memory, redis://… (connect-redis) or jdbc:postgresql:… (connect-pg-simple)")
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
        if (pool < 1) {
            throw unusable("--pool is at least 1");
        }
        boolean express = format.equals("express");
        if (!express && !format.equals("sojourn")) {
            throw unusable("there is no format '" + format + "'; what there is: sojourn, express");
        }
        try {
            LabAdapter server = LabAdapter.named(adapter);
            OpenStore opened = express ? LabStores.express(store, pool) : opened(LabStores.named(store, pool));
            Consumer<Sessions.Config> config = express ? express(opened.store()) : own(opened.store());
            LabServer running =
                    server.start(port, Sessions.create(exclusive ? config.andThen(Lab::exclusive) : config));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running, opened), "lab-stop"));
            return running;
        } catch (IllegalArgumentException e) {
            throw unusable(String.valueOf(e.getMessage()));
        } catch (StoreException e) {
            throw unusable("the store cannot be used: " + e.getMessage());
        }
    }

    /** Races are what the lab is for: many of one client may wait. */
    private static void exclusive(Sessions.Config config) {
        config.exclusive().maxWaitingExclusive(MOST_WAITING);
    }

    /** The store itself if it answers; otherwise one that looks for it at every request, and is away until then. */
    private OpenStore opened(Opening opening) {
        try {
            return opening.open();
        } catch (StoreException e) {
            PrintWriter err = command().commandLine().getErr();
            err.println("the store cannot be used yet, so requests that need it get 503: " + e.getMessage());
            err.flush();
            return new OpenStore(new LateStore(opening));
        }
    }

    private static void stop(LabServer server, OpenStore store) {
        server.close();
        store.close();
    }

    private Consumer<Sessions.Config> own(SessionStore opened) {
        String name = cookie;
        return c -> c.secret(secret).store(opened).cookie(k -> {
            k.insecureHttp();
            if (name != null) {
                k.name(name);
            }
        });
    }

    private Consumer<Sessions.Config> express(SessionStore opened) {
        String name = cookie;
        return Express.compatible(opened, e -> {
            e.existingWeakSecret(secret).insecureHttp();
            if (name != null) {
                e.name(name);
            }
        });
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
