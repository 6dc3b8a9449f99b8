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
 * Starts processes that end with this JVM, even if it is killed, provided the machine has {@code setpriv} (util-linux). Linux
 * sends the signal when the thread that started the process ends, so one thread, which never ends, starts all of them.
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

    /** Returns the command in a wrapper that ends it with this JVM. */
    static List<String> tieToJvm(List<String> command) {
        return isInstalled("setpriv") ? wrap(List.of("setpriv", "--pdeathsig", "KILL"), command) : command;
    }

    /** Returns the command in a wrapper in which it is not root, because PostgreSQL refuses to run as root. */
    static List<String> notAsRoot(List<String> command, Path data) {
        if (!isRoot()) {
            return tieToJvm(command);
        }
        if (canRunAsNobody(data)) {
            String nobody = Integer.toString(NOBODY);
            return wrap(
                    List.of("setpriv", "--reuid", nobody, "--regid", nobody, "--clear-groups", "--pdeathsig", "KILL"),
                    command);
        }
        if (isInstalled("unshare")) {
            return tieToJvm(wrap(List.of("unshare", "-U"), command));
        }
        throw new ServerException(
                "PostgreSQL does not run as root: install util-linux (setpriv or unshare), give all users"
                        + " access to java.io.tmpdir, or run the tests as another user");
    }

    static boolean canRunAsNobody(Path data) {
        return isRoot() && isInstalled("setpriv") && Folders.isAccessibleToAll(data);
    }

    /** Changes the owner of a folder to the user that {@link #notAsRoot} runs as. */
    static void chownToNobody(Path folder) throws IOException {
        if (canRunAsNobody(Objects.requireNonNull(folder.getParent()))) {
            Files.setAttribute(folder, "unix:uid", NOBODY);
            Files.setAttribute(folder, "unix:gid", NOBODY);
        }
    }

    static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> wrap(List<String> wrapper, List<String> command) {
        List<String> all = new ArrayList<>(wrapper);
        all.addAll(command);
        return all;
    }

    private static boolean isInstalled(String tool) {
        return Files.isExecutable(Path.of("/usr/bin", tool)) || Files.isExecutable(Path.of("/bin", tool));
    }
}
