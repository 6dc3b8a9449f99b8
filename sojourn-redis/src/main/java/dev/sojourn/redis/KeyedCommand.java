package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.List;

/**
 * A command together with the key that decides which server gets it.
 *
 * @param type the command
 * @param key the key whose hash slot selects the server; not necessarily an argument
 * @param args all arguments
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record KeyedCommand(CommandType type, byte[] key, CommandArgs<byte[], byte[]> args) {
    /** Creates a command whose first argument is its key. */
    static KeyedCommand of(CommandType type, byte[] key, byte[]... rest) {
        CommandArgs<byte[], byte[]> args = newArgs().addKey(key);
        for (byte[] each : rest) {
            args.add(each);
        }
        return new KeyedCommand(type, key, args);
    }

    /** Creates a call of a script, by its digest ({@code EVALSHA}). */
    static KeyedCommand evalSha(Script script, List<byte[]> keys, byte[]... rest) {
        return evaluation(CommandType.EVALSHA, script.digest(), keys, rest);
    }

    /** Creates a call of a script that sends the whole script ({@code EVAL}). */
    static KeyedCommand eval(Script script, List<byte[]> keys, byte[]... rest) {
        return evaluation(CommandType.EVAL, script.text(), keys, rest);
    }

    private static KeyedCommand evaluation(CommandType type, byte[] script, List<byte[]> keys, byte[]... rest) {
        CommandArgs<byte[], byte[]> args =
                newArgs().add(script).add(keys.size()).addKeys(keys);
        for (byte[] each : rest) {
            args.add(each);
        }
        return new KeyedCommand(type, keys.get(0), args);
    }

    /** Returns arguments to add to. */
    static CommandArgs<byte[], byte[]> newArgs() {
        return new CommandArgs<>(ByteArrayCodec.INSTANCE);
    }

    /** Returns a number in decimal digits, as commands take it. */
    static byte[] decimal(long number) {
        return Long.toString(number).getBytes(US_ASCII);
    }

    AtMostOnceCommand newAttempt() {
        return AtMostOnceCommand.of(type, args);
    }
}
