package dev.sojourn.benchmarks.lab;

import dev.sojourn.spi.SessionStore;
import dev.sojourn.spi.StoreException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The lab's command line. Prints {@code ready http://127.0.0.1:PORT} when the server is ready, and runs until the
 * process is stopped.
 */
@Command(
        name = "lab",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "A small server for measurements of sessions and tests of races. Listens on 127.0.0.1 only.")
public final class Lab implements Callable<Integer> {
    /** A publicly known secret, for a server that only this machine can reach. */
    private static final String LAB_SECRET = "Lab only, known to all: Zk7vQ2xYb9TnR4wHs8Lm";

    private static final String DEFAULT_ADAPTER = "jdk";

    @Spec
    private @Nullable CommandSpec command;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            required = true,
            description = "the port; 0 for any free one, which the ready line shows")
    private int port;

    @Option(
            names = "--adapter",
            paramLabel = "NAME",
            completionCandidates = LabAdapter.Names.class,
            defaultValue = DEFAULT_ADAPTER,
            description = "${COMPLETION-CANDIDATES}; ${DEFAULT-VALUE} by default")
    private String adapter = DEFAULT_ADAPTER;

    @Option(
            names = "--store",
            paramLabel = "URL",
            description =
                    "memory (default), redis://…, redis-sentinel://…#master, redis-cluster://…, jdbc:postgresql:…,"
                            + " jdbc:mariadb:…, jdbc:mysql:…, jdbc:sqlite:FILE, jdbc:h2:…; a missing table is created."
                            + " sealed: each session is in its cookie; tokens: access tokens and refresh tokens of"
                            + " sessions in memory. sealed:URL and tokens:URL keep the rest, such as revocations, in"
                            + " one of these stores instead of in memory")
    private String store = StoreOption.MEMORY;

    @Option(
            names = "--pool",
            paramLabel = "N",
            description = "database connections for each table, 32 by default; a SQLite file always has four")
    private int pool = LabStores.POOL;

    @Option(
            names = "--exclusive",
            description = "exclusive sessions: each request that uses its session uses it exclusively")
    private boolean exclusive;

    @Option(
            names = "--format",
            paramLabel = "NAME",
            description = "sojourn (default), or express: express-session's cookies and records, stored in"
                    + " memory, redis://… (connect-redis) or jdbc:postgresql:… (connect-pg-simple)")
    private String format = "sojourn";

    @Option(names = "--secret", paramLabel = "TEXT", description = "the secret; by default a publicly known one")
    private String secret = LAB_SECRET;

    @Option(names = "--cookie", paramLabel = "NAME", description = "the cookie's name; by default Sojourn's")
    private @Nullable String cookie;

    /** For the command line parser. */
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
        // The server's threads keep the process alive.
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
            throw usageError("--pool must be at least 1");
        }
        try {
            LabAdapter server = LabAdapter.byName(adapter);
            List<OpenStore> opened = new ArrayList<>();
            LabServer running = server.start(port, content(opened));
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(running, opened), "lab-stop"));
            return running;
        } catch (IllegalArgumentException e) {
            throw usageError(String.valueOf(e.getMessage()));
        } catch (StoreException e) {
            throw usageError("the store cannot be used: " + e.getMessage());
        }
    }

    /** Creates the sessions, and adds the stores that they need to a list. */
    private LabContent content(List<OpenStore> opened) {
        LabConfig config = new LabConfig(secret, cookie, exclusive);
        return switch (format) {
            case "express" -> config.express(added(LabStores.express(store, pool), opened));
            case "sojourn" -> sojourn(config, StoreOption.parse(store), opened);
            default ->
                throw new IllegalArgumentException("unknown format '" + format + "'; use one of: sojourn, express");
        };
    }

    private LabContent sojourn(LabConfig config, StoreOption option, List<OpenStore> opened) {
        return switch (option.kind()) {
            case IN_STORE -> config.inStore(open(option, StoreUse.SESSIONS, opened));
            case SEALED -> config.sealed(open(option, StoreUse.REVOCATIONS, opened));
            case TOKENS ->
                config.tokens(open(option, StoreUse.SESSIONS, opened), open(option, StoreUse.REVOCATIONS, opened));
        };
    }

    private SessionStore open(StoreOption option, StoreUse use, List<OpenStore> opened) {
        return added(openNowOrLater(LabStores.forUrl(option.url(), pool, use)), opened);
    }

    private static SessionStore added(OpenStore store, List<OpenStore> opened) {
        opened.add(store);
        return store.store();
    }

    /** Opens the store. If it is unavailable, returns a store that later calls open. */
    private OpenStore openNowOrLater(StoreOpener opener) {
        try {
            return opener.open();
        } catch (StoreException e) {
            PrintWriter err = command().commandLine().getErr();
            err.println("the store cannot be used yet, so requests that need it get 503: " + e.getMessage());
            err.flush();
            return new OpenStore(new DeferredStore(opener));
        }
    }

    private static void stop(LabServer server, List<OpenStore> stores) {
        server.close();
        stores.forEach(OpenStore::close);
    }

    private ParameterException usageError(String message) {
        return new ParameterException(command().commandLine(), message);
    }

    private CommandSpec command() {
        if (command == null) {
            throw new IllegalStateException("the command line sets this");
        }
        return command;
    }
}
