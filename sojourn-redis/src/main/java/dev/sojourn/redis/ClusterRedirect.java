package dev.sojourn.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A redirect of a Cluster node to the node that has the key. The redirecting node did nothing.
 *
 * @param kind whether the slot has moved or is still migrating
 * @param host the other node's address
 * @param port the other node's port
 */
record ClusterRedirect(Kind kind, String host, int port) {
    /** The first word of the reply. */
    enum Kind {
        /** The other node has the slot. */
        MOVED,
        /** The slot is migrating to the other node: the command must follow an {@code ASKING}. */
        ASK
    }

    /** {@code MOVED 3999 127.0.0.1:6381}. */
    private static final Pattern REPLY = Pattern.compile("(MOVED|ASK) \\d+ (.+):(\\d{1,5})");

    /** Returns the redirect in an error reply; null if the error is not a redirect or names no address. */
    static @Nullable ClusterRedirect of(RedisCommandExecutionException error) {
        Matcher reply = REPLY.matcher(String.valueOf(error.getMessage()));
        return reply.matches()
                ? new ClusterRedirect(Kind.valueOf(reply.group(1)), reply.group(2), Integer.parseInt(reply.group(3)))
                : null;
    }

    /** Whether the slot is still migrating to the other node. */
    boolean isAsk() {
        return kind == Kind.ASK;
    }
}
