package dev.sojourn.servers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A server's process on a free port of 127.0.0.1, with its data in a folder of its own that goes when it is closed. */
abstract class LocalServer implements AutoCloseable {

    final int port = Ports.free();
    final Path folder;
    final Path data;
    private final String name;
    private List<String> command = List.of();
    private volatile @Nullable ServerProcess process;

    LocalServer(String name) {
        this.name = name;
        folder = Folders.fresh(name.toLowerCase(Locale.ROOT));
        data = folder.resolve("data");
    }

    /** Whether it takes a new client. */
    abstract boolean answers();

    /** The signal that ends it in its own way. */
    String stopSignal() {
        return "TERM";
    }

    /** The signal that ends it at once, and leaves nothing behind. */
    String endSignal() {
        return "KILL";
    }

    final void launch(List<String> words) {
        command = words;
        launch();
    }

    private void launch() {
        try {
            Files.createDirectories(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ServerProcess started = ServerProcess.start(name, endSignal(), command, folder);
        started.await(this::answers);
        process = started;
    }

    private ServerProcess process() {
        return Objects.requireNonNull(process, "not launched yet");
    }

    /**
     * Returns where it listens.
     *
     * @return 127.0.0.1
     */
    public final String host() {
        return "127.0.0.1";
    }

    /**
     * Returns where it listens.
     *
     * @return the port, the same after a restart
     */
    public final int port() {
        return port;
    }

    /** Stops every process where it stands (SIGSTOP): connections stay open, nothing answers. */
    public final void pause() {
        process().pause();
    }

    /** Lets a paused server go on (SIGCONT). */
    public final void resume() {
        process().resume();
    }

    /** Kills every process (SIGKILL). */
    public final void kill() {
        process().kill();
    }

    /** Ends it in its own way (SIGTERM; PostgreSQL's fast shutdown): clients are told. */
    public final void stop() {
        process().stop(stopSignal());
    }

    /** Starts it again on the same port and data; kills it first when it runs. */
    public final void restart() {
        if (alive()) {
            kill();
        }
        launch();
    }

    /** Ends it at once and removes its data. */
    @Override
    public final void close() {
        process().end();
        Folders.remove(folder);
    }

    final boolean alive() {
        return process().alive();
    }

    final long pid() {
        return process().pid();
    }

    /** The end of what it has written to its log, for a message. */
    final String log() {
        return process().log();
    }
}
