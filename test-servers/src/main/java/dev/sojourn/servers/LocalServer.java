package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server process on a free port of 127.0.0.1. Its data is in a separate folder, which {@link #close()} removes. */
abstract class LocalServer implements AutoCloseable {

    final int port = Ports.free();
    final Path folder;
    final Path data;
    private final String name;
    private List<String> command = List.of();
    private volatile @Nullable ServerProcess process;

    LocalServer(String name) {
        this.name = name;
        folder = Folders.create(name.toLowerCase(Locale.ROOT));
        data = folder.resolve("data");
    }

    /** Returns whether the server accepts a new client. */
    abstract boolean acceptsClients();

    /** Returns the signal that shuts the server down regularly. */
    String stopSignal() {
        return "TERM";
    }

    /** Returns the signal that ends the server immediately and leaves nothing behind. */
    String endSignal() {
        return "KILL";
    }

    final void launch(List<String> arguments) {
        command = arguments;
        launch();
    }

    private void launch() {
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerProcess started = ServerProcess.start(name, endSignal(), command, folder);
        started.await(this::acceptsClients);
        process = started;
    }

    private ServerProcess process() {
        return Objects.requireNonNull(process, "not started yet");
    }

    /**
     * Returns the host on which the server listens.
     *
     * @return 127.0.0.1
     */
    public final String host() {
        return "127.0.0.1";
    }

    /**
     * Returns the port on which the server listens.
     *
     * @return the port, the same after a restart
     */
    public final int port() {
        return port;
    }

    /** Suspends every process (SIGSTOP): connections stay open, and the server does not respond. */
    public final void pause() {
        process().pause();
    }

    /** Resumes a paused server (SIGCONT). */
    public final void resume() {
        process().resume();
    }

    /** Kills every process (SIGKILL). */
    public final void kill() {
        process().kill();
    }

    /** Shuts the server down regularly (SIGTERM; PostgreSQL's fast shutdown): clients are notified. */
    public final void stop() {
        process().stop(stopSignal());
    }

    /** Starts the server again with the same port and data; kills it first if it is running. */
    public final void restart() {
        if (isAlive()) {
            kill();
        }
        launch();
    }

    /** Ends the server immediately and removes its data. */
    @Override
    public final void close() {
        process().end();
        Folders.remove(folder);
    }

    final boolean isAlive() {
        return process().isAlive();
    }

    final long pid() {
        return process().pid();
    }

    /** Returns the end of the server's log, for a message. */
    final String log() {
        return process().log();
    }
}
