package dev.sojourn.redis;

import io.lettuce.core.RedisCommandExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a node of a Cluster says that a key is. It did nothing itself.
 *
 * @param asking whether the slot is still on its way there, so that the node has to be told to answer all the same
 * @param host the other node's address
 * @param port its port
 */
record ClusterRedirect(boolean asking, String host, int port) {
    /** {@code MOVED 3999 127.0.0.1:6381}. */
    private static final Pattern ANSWER = Pattern.compile("(MOVED|ASK) \\d+ (.+):(\\d{1,5})");

    /** What the error says; null if it says something else, or not where. */
    static @Nullable ClusterRedirect of(RedisCommandExecutionException error) {
        Matcher answer = ANSWER.matcher(String.valueOf(error.getMessage()));
        return answer.matches()
                ? new ClusterRedirect(answer.group(1).equals("ASK"), answer.group(2), Integer.parseInt(answer.group(3)))
                : null;
    }
}
