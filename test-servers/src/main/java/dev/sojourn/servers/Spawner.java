package dev.sojourn.servers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Starts processes that die with this JVM, also when it is killed, where the machine has {@code setpriv} (util-linux).
 * Linux sends that signal when the thread that started the process ends, so one thread starts them all and never ends.
 */
final class Spawner {

    /** The user "nobody" on every Linux. */
    static final int NOBODY = 65534;

    private static final ExecutorService THREAD = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "test-servers-spawner");
        thread.setDaemon(true);
        return thread;
    });

    private Spawner() {}

    static Process start(ProcessBuilder builder) throws IOException {
        try {
            return THREAD.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IOException("cannot start " + builder.command().get(0), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(
                    "interrupted while starting " + builder.command().get(0), e);
        }
    }

    /** The command, so wrapped that it dies with this JVM. */
    static List<String> bound(List<String> command) {
        return installed("setpriv") ? wrapped(List.of("setpriv", "--pdeathsig", "KILL"), command) : command;
    }

    /** The command, so wrapped that it does not see itself as root, which PostgreSQL refuses to be. */
    static List<String> notAsRoot(List<String> command, Path data) {
        if (!isRoot()) {
            return bound(command);
        }
        if (canBeNobody(data)) {
            String nobody = Integer.toString(NOBODY);
            return wrapped(
                    List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups", "--pdeathsig", "KILL"),
                    command);
        }
        if (installed("unshare")) {
            return bound(wrapped(List.of("unshare", "-U"), command));
        }
        throw new ServerException(
                "PostgreSQL does not run as root: install util-linux (setpriv or unshare), let all users"
                        + " reach java.io.tmpdir, or run the tests as another user");
    }

    static boolean canBeNobody(Path data) {
        return isRoot() && installed("setpriv") && Folders.openToAll(data);
    }

    /** Makes a folder the property of the user that {@link #notAsRoot} runs as. */
    static void giveToNobody(Path folder) throws IOException {
        if (canBeNobody(Objects.requireNonNull(folder.getParent()))) {
            Files.setAttribute(folder, "unix:uid", NOBODY);
            Files.setAttribute(folder, "unix:gid", NOBODY);
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> wrapped(List<String> wrapper, List<String> command) {
        List<String> all = new ArrayList<>(wrapper);
        all.addAll(command);
        return all;
    }

    private static boolean installed(String tool) {
        return Files.isExecutable(Path.of("/usr/bin", tool)) || Files.isExecutable(Path.of("/bin", tool));
    }
}
