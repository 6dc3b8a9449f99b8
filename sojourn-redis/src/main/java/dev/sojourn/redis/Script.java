package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What Redis does in one atomic step. Each script names all its keys, which lie in one slot, and keeps nothing; where it writes, its first write is the one that Redis may refuse, so that a refused
 * script did nothing.
 *
 * <p>Bytes 1 to 8 of a record are its version ({@link RecordEncoding}); a bare record's is derived from all of it
 * ({@link PayloadRecords}).
 */
enum Script {
    /** KEYS record; ARGV expected version, value, keep for. */
    REPLACE("""
            if redis.call('GETRANGE', KEYS[1], 1, 8) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
              return 1
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS record; ARGV expected version, version and expiry, keep for. */
    TOUCH("""
            if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
            redis.call('SETRANGE', KEYS[1], 1, ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            return 1"""),

    /** KEYS record; ARGV expected version. A value too short for a version counts as version 0. */
    DELETE("""
            local version = redis.call('GETRANGE', KEYS[1], 1, 8)
            if version == ARGV[1] or (#version < 8 and ARGV[1] == string.rep('\\0', 8)) then
              if redis.call('DEL', KEYS[1]) == 1 then return 1 end
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS bare record. Answers the value and its expiry, or nothing. */
    LOAD_BARE(Parts.STANDS + "return stands(redis.call('GET', KEYS[1]))"),

    /** KEYS bare record; ARGV expected version in hex, value, expiry. */
    REPLACE_BARE(Parts.STANDS + """
            local value = redis.call('GET', KEYS[1])
            if value and string.sub(redis.sha1hex(value), 1, 16) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
              return 1
            end
            return stands(value)"""),

    /** KEYS bare record; ARGV expected version in hex, expiry. */
    TOUCH_BARE("""
            local value = redis.call('GET', KEYS[1])
            if not value or string.sub(redis.sha1hex(value), 1, 16) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIREAT', KEYS[1], ARGV[2])"""),

    /** KEYS bare record; ARGV expected version in hex. */
    DELETE_BARE(Parts.STANDS + """
            local value = redis.call('GET', KEYS[1])
            if value and string.sub(redis.sha1hex(value), 1, 16) == ARGV[1] then
              return redis.call('DEL', KEYS[1])
            end
            return stands(value)"""),

    /** KEYS record, due; ARGV value, keep for, expiry, member. */
    CREATE_DUE(Parts.KEEP_DUE + """
            if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
            due(ARGV[3], ARGV[4])
            return 1"""),

    /** KEYS record, due; ARGV expected version, value, keep for, expiry, member. */
    REPLACE_DUE(Parts.KEEP_DUE + """
            if redis.call('GETRANGE', KEYS[1], 1, 8) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
              due(ARGV[4], ARGV[5])
              return 1
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS record, due; ARGV expected version, version and expiry, keep for, expiry, member. */
    TOUCH_DUE(Parts.KEEP_DUE + """
            if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
            redis.call('SETRANGE', KEYS[1], 1, ARGV[2])
            redis.call('PEXPIRE', KEYS[1], ARGV[3])
            due(ARGV[4], ARGV[5])
            return 1"""),

    /** KEYS record, due; ARGV expected version, member. */
    DELETE_DUE("""
            local version = redis.call('GETRANGE', KEYS[1], 1, 8)
            if version == ARGV[1] or (#version < 8 and ARGV[1] == string.rep('\\0', 8)) then
              redis.call('ZREM', KEYS[2], ARGV[2])
              if redis.call('DEL', KEYS[1]) == 1 then return 1 end
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS record, due; ARGV member. Takes an entry away whose record is gone. */
    DROP_DUE("""
            if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
            return redis.call('ZREM', KEYS[2], ARGV[1])"""),

    /** KEYS record, due; ARGV version, expiry, member. Puts right what a node without the sweep has moved. */
    MOVE_DUE(Parts.KEEP_DUE + """
            if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
            due(ARGV[2], ARGV[3])
            return 1"""),

    /**
     * KEYS sessions, epoch; ARGV keep for, member. Answers the epoch. An entry never moves towards the beginning, where a
     * reader who goes page by page has already been: one that is to end earlier stays, later by a millisecond, so that it is
     * told from what it was. Entries end by the clock of Redis alone, which is one for all nodes.
     */
    ENTER("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local ends = string.format('%.0f', now + ARGV[1])
            if redis.call('ZADD', KEYS[1], 'GT', 'CH', ends, ARGV[2]) == 0 then
              redis.call('ZADD', KEYS[1], 'INCR', 1, ARGV[2])
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - 300000))
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            if last[2] then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2] + 300000)) end
            return redis.call('GET', KEYS[2])"""),

    /** KEYS sessions; ARGV limit, and until and member to go on from. Answers members and scores. */
    FIND("""
            local from = 0
            if ARGV[2] then
              if redis.call('ZSCORE', KEYS[1], ARGV[3]) == ARGV[2] then
                from = redis.call('ZRANK', KEYS[1], ARGV[3]) + 1
              else
                from = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[2])
              end
            end
            return redis.call('ZRANGE', KEYS[1], from, from + ARGV[1] - 1, 'WITHSCORES')"""),

    /** KEYS sessions; ARGV until, member. */
    DROP("""
            if redis.call('ZSCORE', KEYS[1], ARGV[2]) ~= ARGV[1] then return 0 end
            return redis.call('ZREM', KEYS[1], ARGV[2])"""),

    /** KEYS claim; ARGV claimer, milliseconds. */
    RENEW("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])"""),

    /** KEYS claim; ARGV claimer. */
    GIVE_BACK("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('DEL', KEYS[1])""");

    private static final class Parts {
        /** Enters the record into its set, which lives as long as its last record: 24 hours and 5 minutes after the expiry. */
        static final String KEEP_DUE = """
                local function due(expiry, member)
                  redis.call('ZADD', KEYS[2], expiry, member)
                  local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
                  redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', last[2] + 86700000))
                end
                """;

        /**
         * A value with its expiry, -1 for none, or nothing. Redis 7 is asked for the expiry itself; Redis 6.2 knows only what
         * is left of it, and is asked for its time to reckon from. Its clock goes on inside a script, so both answers count only
         * if they fell into one millisecond.
         */
        static final String STANDS = """
                local function now()
                  local time = redis.call('TIME')
                  return time[1] * 1000 + math.floor(time[2] / 1000)
                end
                local function reckoned()
                  while true do
                    local before = now()
                    local left = redis.call('PTTL', KEYS[1])
                    if left < 0 then return left end
                    if now() == before then return before + left end
                  end
                end
                local function stands(value)
                  if not value then return false end
                  local at = redis.pcall('PEXPIRETIME', KEYS[1])
                  if type(at) == 'table' then at = reckoned() end
                  return {value, string.format('%.0f', at)}
                end
                """;

        private Parts() {}
    }

    @SuppressWarnings("ImmutableEnumChecker") // written to sockets, never changed
    private final byte[] text;

    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] digest;

    Script(String text) {
        this.text = text.getBytes(US_ASCII);
        this.digest = HexFormat.of().formatHex(sha1(this.text)).getBytes(US_ASCII);
    }

    /** The script itself. */
    byte[] text() {
        return text;
    }

    /** The name that Redis gives to it, in hex. */
    byte[] digest() {
        return digest;
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-1", e);
        }
    }
}
