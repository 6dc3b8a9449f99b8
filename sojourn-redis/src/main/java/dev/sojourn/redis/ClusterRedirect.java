package dev.sojourn.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A redirect of a Cluster node to the node that has the key. The redirecting node did nothing.
 *
 * @param asking whether the slot is still migrating to that node, so that the command must follow an {@code ASKING}
 * @param host the other node's address
 * @param port the other node's port
 */
record ClusterRedirect(boolean asking, String host, int port) {
    /** {@code MOVED 3999 127.0.0.1:6381}. */
    private static final Pattern REPLY = Pattern.compile("(MOVED|ASK) \\d+ (.+):(\\d{1,5})");

    /** Returns the redirect in an error reply; null if the error is not a redirect or names no address. */
    static @Nullable ClusterRedirect of(RedisCommandExecutionException error) {
        Matcher reply = REPLY.matcher(String.valueOf(error.getMessage()));
        return reply.matches()
                ? new ClusterRedirect(reply.group(1).equals("ASK"), reply.group(2), Integer.parseInt(reply.group(3)))
                : null;
    }
}
