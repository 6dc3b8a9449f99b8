package dev.sojourn.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sojourn.spi.SessionStore;
import java.util.HexFormat;

/**
 * The Lua scripts, each one atomic step. A script names all its keys, which are in one slot, and keeps no state. If Redis
 * refuses a script's writes, it refuses the first one, so a refused script did nothing.
 *
 * <p>Bytes 1 to 8 of a record are its version ({@link RecordEncoding}). The version of a bare record is derived from the
 * whole value ({@link BareRecords}).
 *
 * <p>{@code $GRACE} is {@link SessionStore#GRACE_PERIOD} and {@code $RETENTION} is {@link DueRecords#RETENTION}, in milliseconds.
 */
enum Script {
    /** KEYS record; ARGV expected version, value, time to live. */
    REPLACE("""
            if redis.call('GETRANGE', KEYS[1], 1, 8) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
              return 1
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS record; ARGV expected version, version and expiry, time to live. */
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

    /** KEYS bare record. Returns the value and its expiry, or nothing. */
    LOAD_BARE(Parts.WITH_EXPIRY + "return with_expiry(redis.call('GET', KEYS[1]))"),

    /** KEYS bare record; ARGV expected version in hex, value, expiry. */
    REPLACE_BARE(Parts.WITH_EXPIRY + """
            local value = redis.call('GET', KEYS[1])
            if value and string.sub(redis.sha1hex(value), 1, 16) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PXAT', ARGV[3])
              return 1
            end
            return with_expiry(value)"""),

    /** KEYS bare record; ARGV expected version in hex, expiry. */
    TOUCH_BARE("""
            local value = redis.call('GET', KEYS[1])
            if not value or string.sub(redis.sha1hex(value), 1, 16) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIREAT', KEYS[1], ARGV[2])"""),

    /** KEYS bare record; ARGV expected version in hex. */
    DELETE_BARE(Parts.WITH_EXPIRY + """
            local value = redis.call('GET', KEYS[1])
            if value and string.sub(redis.sha1hex(value), 1, 16) == ARGV[1] then
              return redis.call('DEL', KEYS[1])
            end
            return with_expiry(value)"""),

    /** KEYS record, due; ARGV value, time to live, expiry, member. */
    CREATE_DUE(Parts.ADD_DUE + """
            if not redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then return 0 end
            due(ARGV[3], ARGV[4])
            return 1"""),

    /** KEYS record, due; ARGV expected version, value, time to live, expiry, member. */
    REPLACE_DUE(Parts.ADD_DUE + """
            if redis.call('GETRANGE', KEYS[1], 1, 8) == ARGV[1] then
              redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
              due(ARGV[4], ARGV[5])
              return 1
            end
            return redis.call('GET', KEYS[1])"""),

    /** KEYS record, due; ARGV expected version, version and expiry, time to live, expiry, member. */
    TOUCH_DUE(Parts.ADD_DUE + """
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

    /** KEYS record, due; ARGV member. Removes a due entry whose record does not exist. */
    DROP_DUE("""
            if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
            return redis.call('ZREM', KEYS[2], ARGV[1])"""),

    /** KEYS record, due; ARGV version, expiry, member. Corrects a due entry after a node without the sweep changed the record. */
    CORRECT_DUE(Parts.ADD_DUE + """
            if redis.call('GETRANGE', KEYS[1], 1, 8) ~= ARGV[1] then return 0 end
            due(ARGV[2], ARGV[3])
            return 1"""),

    /**
     * KEYS user index, epoch; ARGV time to live, member. Returns the epoch. An entry never moves towards the beginning, where
     * a reader that pages through the index has already been: an entry with an earlier end keeps its own end plus one
     * millisecond, so that it differs from the entry before. Entries end by the clock of Redis, which is the same for all
     * nodes.
     */
    ADD_INDEX_ENTRY("""
            local time = redis.call('TIME')
            local now = time[1] * 1000 + math.floor(time[2] / 1000)
            local ends = string.format('%.0f', now + ARGV[1])
            if redis.call('ZADD', KEYS[1], 'GT', 'CH', ends, ARGV[2]) == 0 then
              redis.call('ZADD', KEYS[1], 'INCR', 1, ARGV[2])
            end
            redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', '(' .. string.format('%.0f', now - $GRACE))
            local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
            if last[2] then redis.call('PEXPIREAT', KEYS[1], string.format('%.0f', last[2] + $GRACE)) end
            return redis.call('GET', KEYS[2])"""),

    /** KEYS user index; ARGV limit, and optionally the end and member of the entry to continue after. Returns members and scores. */
    FIND_INDEX_ENTRIES("""
            local from = 0
            if ARGV[2] then
              if redis.call('ZSCORE', KEYS[1], ARGV[3]) == ARGV[2] then
                from = redis.call('ZRANK', KEYS[1], ARGV[3]) + 1
              else
                from = redis.call('ZCOUNT', KEYS[1], '-inf', '(' .. ARGV[2])
              end
            end
            return redis.call('ZRANGE', KEYS[1], from, from + ARGV[1] - 1, 'WITHSCORES')"""),

    /** KEYS user index; ARGV end, member. */
    DROP_INDEX_ENTRY("""
            if redis.call('ZSCORE', KEYS[1], ARGV[2]) ~= ARGV[1] then return 0 end
            return redis.call('ZREM', KEYS[1], ARGV[2])"""),

    /** KEYS claim; ARGV claimant, milliseconds. */
    RENEW_CLAIM("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('PEXPIRE', KEYS[1], ARGV[2])"""),

    /** KEYS claim; ARGV claimant. */
    RELEASE_CLAIM("""
            if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
            return redis.call('DEL', KEYS[1])""");

    private static final class Parts {
        /** Adds the record to its due set, and keeps the set until 24 hours and 5 minutes after its last record's expiry. */
        static final String ADD_DUE = """
                local function due(expiry, member)
                  redis.call('ZADD', KEYS[2], expiry, member)
                  local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')
                  redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', last[2] + $RETENTION))
                end
                """;

        /**
         * Returns a value with its expiry, -1 for none; or nothing. Redis 7 returns the expiry itself. Redis 6.2 only returns the
         * remaining time, to be added to its current time. Its clock advances during a script, so the two count only if they
         * were read within one millisecond.
         */
        static final String WITH_EXPIRY = """
                local function now()
                  local time = redis.call('TIME')
                  return time[1] * 1000 + math.floor(time[2] / 1000)
                end
                local function expiry_from_ttl()
                  while true do
                    local before = now()
                    local left = redis.call('PTTL', KEYS[1])
                    if left < 0 then return left end
                    if now() == before then return before + left end
                  end
                end
                local function with_expiry(value)
                  if not value then return false end
                  local at = redis.pcall('PEXPIRETIME', KEYS[1])
                  if type(at) == 'table' then at = expiry_from_ttl() end
                  return {value, string.format('%.0f', at)}
                end
                """;

        private Parts() {}
    }

    @SuppressWarnings("ImmutableEnumChecker") // written to sockets, never modified
    private final byte[] text;

    @SuppressWarnings("ImmutableEnumChecker")
    private final byte[] digest;

    Script(String text) {
        this.text = text.replace("$GRACE", Long.toString(SessionStore.GRACE_PERIOD.toMillis()))
                .replace("$RETENTION", Long.toString(DueRecords.RETENTION.toMillis()))
                .getBytes(US_ASCII);
        this.digest = HexFormat.of().formatHex(Digests.sha1(this.text)).getBytes(US_ASCII);
    }

    /** Returns the script itself. */
    byte[] text() {
        return text;
    }

    /** Returns the SHA-1 by which Redis names the script, in hex. */
    byte[] digest() {
        return digest;
    }
}
