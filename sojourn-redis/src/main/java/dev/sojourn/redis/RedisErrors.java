package dev.sojourn.redis;

import dev.sojourn.spi.StoreException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates error replies of Redis. A server's message can quote arguments, so only its error code is passed on. */
final class RedisErrors {
    /** The codes with which Redis refuses a command before it has any effect, with what to do about each. */
    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("OOM", "it has no memory left: raise maxmemory, or shorten the sessions' timeouts"),
            Map.entry("READONLY", "it is a replica: a failover is in progress, or the address is not the master's"),
            Map.entry("LOADING", "it is starting and still loads its data"),
            Map.entry("MASTERDOWN", "it is a replica without its master"),
            Map.entry("CLUSTERDOWN", "the cluster has no master for this slot"),
            Map.entry("TRYAGAIN", "the slot is migrating to another node"),
            Map.entry("MOVED", "the slot has moved and its new master cannot be found"),
            Map.entry("ASK", "the slot is migrating and its new master cannot be found"),
            Map.entry("CROSSSLOT", "a proxy in between does not support hash tags"),
            Map.entry("NOREPLICAS", "it has fewer good replicas than min-replicas-to-write"),
            Map.entry("MISCONF", "it cannot write its snapshot and refuses changes: check its disk"),
            Map.entry("BUSY", "another script has kept it busy for too long"),
            Map.entry("NOAUTH", "it requires a password"),
            Map.entry("WRONGPASS", "the user or the password is wrong"),
            Map.entry("NOPERM", "its user lacks a right: grant the rights that the page on Redis lists"),
            Map.entry("WRONGTYPE", "the key exists and is not a session: choose another key prefix"),
            Map.entry("NOSCRIPT", "it does not keep scripts"),
            Map.entry("DENIED", "its protected mode refuses clients from other hosts"));

    /** The code, at the beginning, or after the text in which Redis 6.2 wraps the error of a script's command. */
    private static final Pattern CODE = Pattern.compile("(?:^|: -)([A-Z]{2,})\\b");

    private RedisErrors() {}

    /** Returns the exception for an error reply: "not done" if Redis refused the command, else "unknown". */
    static StoreException toStoreException(RedisCommandExecutionException error) {
        String code = code(error);
        String meaning = REFUSALS.get(code);
        return meaning == null
                ? StoreException.unknown("Redis replied with an error (" + code + ")", null)
                : StoreException.notDone("Redis refused (" + code + "): " + meaning, null);
    }

    /** Returns the code of an error reply: a known refusal if there is one, else the first code, else {@code ERR}. */
    static String code(RedisCommandExecutionException error) {
        String message = error.getMessage() == null ? "" : error.getMessage();
        String first = "";
        for (Matcher codes = CODE.matcher(message); codes.find(); ) {
            String code = codes.group(1);
            if (REFUSALS.containsKey(code)) {
                return code;
            }
            first = first.isEmpty() ? code : first;
        }
        return first.isEmpty() ? "ERR" : first;
    }
}
