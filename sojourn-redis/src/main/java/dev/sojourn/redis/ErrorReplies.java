package dev.sojourn.redis;

import dev.sojourn.spi.StoreException;
import io.lettuce.core.RedisCommandExecutionException;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says of a refusal what it means for whoever asked. Server texts can quote arguments, so only their code is told. */
final class ErrorReplies {
    /** Codes with which Redis refuses before it does anything, and what to do about it. */
    private static final Map<String, String> REFUSALS = Map.ofEntries(
            Map.entry("OOM", "it has no memory left: raise maxmemory, or shorten the sessions"),
            Map.entry("READONLY", "it is a replica: a failover is going on, or the address is not the master's"),
            Map.entry("LOADING", "it is starting up and still reads its data"),
            Map.entry("MASTERDOWN", "it is a replica without its master"),
            Map.entry("CLUSTERDOWN", "the cluster has no master for this slot"),
            Map.entry("TRYAGAIN", "the slot is being moved to another node"),
            Map.entry("MOVED", "the slot has moved and its new master cannot be found"),
            Map.entry("ASK", "the slot is being moved and its new master cannot be found"),
            Map.entry("CROSSSLOT", "a proxy in between does not keep hash tags together"),
            Map.entry("NOREPLICAS", "it has fewer good replicas than min-replicas-to-write"),
            Map.entry("MISCONF", "it cannot write its snapshot and refuses changes: look at its disk"),
            Map.entry("BUSY", "a script of somebody else has kept it busy for long"),
            Map.entry("NOAUTH", "it wants a password"),
            Map.entry("WRONGPASS", "it does not know this user and password"),
            Map.entry("NOPERM", "its user may not do this: give it the rights that the page on Redis lists"),
            Map.entry("WRONGTYPE", "something that is not a session stands under this name: take another key prefix"),
            Map.entry("NOSCRIPT", "it forgets scripts at once"),
            Map.entry("DENIED", "protected mode keeps strangers out"));

    /** The code, at the beginning, or behind the words in which Redis 6.2 wraps the error of a script's command. */
    private static final Pattern CODE = Pattern.compile("(?:^|: -)([A-Z]{2,})\\b");

    private ErrorReplies() {}

    /** The exception for an answer that is an error. */
    static StoreException of(RedisCommandExecutionException answer) {
        String code = code(answer);
        String meaning = REFUSALS.get(code);
        return meaning == null
                ? StoreException.unknown("Redis answered with an error (" + code + ")", null)
                : StoreException.notDone("Redis refused (" + code + "): " + meaning, null);
    }

    /** The code of an error answer, as far as one is known; other words of the server stay out of messages. */
    static String code(RedisCommandExecutionException answer) {
        String message = answer.getMessage() == null ? "" : answer.getMessage();
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
