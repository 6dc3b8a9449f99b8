package dev.sojourn.engine;

import dev.sojourn.engine.RevocationEntry.Token;
import dev.sojourn.engine.RevocationEntry.User;
import dev.sojourn.spi.SessionStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The revocations that this node knows, in memory. Lookups take no lock and never block. An entry stays until its time has
 * passed, whatever happens to the store.
 *
 * <p>Entries are dropped five minutes after their time, so that a clock that is set back by less brings no token back.
 */
final class RevocationView {
    private static final long SLACK_SECONDS = SessionStore.GRACE_PERIOD.toSeconds();

    private static final long SEARCH_SECONDS = 60;

    private final RevocationTable tokens = new RevocationTable();
    private final ConcurrentHashMap<Long, User> users = new ConcurrentHashMap<>();
    /** The tags of ends that a later end of the same user has replaced, each with the second from which it may be dropped. */
    private final ConcurrentHashMap<String, Long> formerTags = new ConcurrentHashMap<>();

    private final ReentrantLock changing = new ReentrantLock();
    /** The latest time at which entries were dropped or left out. */
    private long droppedAt;

    private long searchedAt;

    boolean hasToken(long key) {
        return tokens.contains(key);
    }

    /** Whether there is an end of any user's sessions. */
    boolean hasUsers() {
        return !users.isEmpty();
    }

    /** Returns the latest end of a user's sessions; null if there was none, or it is too long ago to matter. */
    @Nullable
    User user(long key) {
        return users.get(key);
    }

    /** Returns whether a tag belongs to an end of a user's sessions that a later one has replaced. */
    boolean isFormerTag(String tag) {
        return formerTags.containsKey(tag);
    }

    /** Notes a tag of an end that was dropped before the latest end of the same user was known. */
    void noteFormerTag(String tag, long until) {
        formerTags.merge(tag, until, Math::max);
    }

    /** Adds entries, except those whose time has passed. */
    void addAll(Iterable<? extends RevocationEntry> entries, Instant now) {
        long expiredBefore = now.getEpochSecond() - SLACK_SECONDS;
        changing.lock();
        try {
            for (RevocationEntry entry : entries) {
                if (entry.until() < expiredBefore) {
                    droppedAt = Math.max(droppedAt, now.getEpochSecond());
                } else if (entry instanceof User user) {
                    add(user);
                } else {
                    tokens.put(entry.key(), entry.until());
                }
            }
        } finally {
            changing.unlock();
        }
    }

    private void add(User user) {
        User known = users.get(user.key());
        if (known == null) {
            users.put(user.key(), user);
            return;
        }
        boolean isLater = user.at() > known.at();
        User latest = isLater ? user : known;
        User former = isLater ? known : user;
        users.put(user.key(), latest);
        if (former.tag() != latest.tag()) {
            formerTags.merge(former.tagText(), former.until(), Math::max);
        }
    }

    /** Drops entries whose time has passed, if they take up much room. Searches for them once in a minute. */
    void dropExpired(Instant now) {
        long second = now.getEpochSecond();
        long expiredBefore = second - SLACK_SECONDS;
        changing.lock();
        try {
            if (Math.abs(second - searchedAt) < SEARCH_SECONDS) {
                return;
            }
            searchedAt = second;
            boolean areTokens = tokens.drop(expiredBefore);
            boolean areUsers = users.values().removeIf(user -> user.until() < expiredBefore);
            formerTags.values().removeIf(until -> until < expiredBefore);
            if (areTokens || areUsers) {
                droppedAt = Math.max(droppedAt, second);
            }
        } finally {
            changing.unlock();
        }
    }

    /** Returns whether the clock has been set back so far that entries may have been dropped that still matter. */
    boolean hasDroppedTooEarly(Instant now) {
        changing.lock();
        try {
            return now.getEpochSecond() < droppedAt - SLACK_SECONDS;
        } finally {
            changing.unlock();
        }
    }

    /** Forgets when entries were dropped, because everything is about to be read again. */
    void restartDropping() {
        changing.lock();
        try {
            droppedAt = 0;
        } finally {
            changing.unlock();
        }
    }

    /** Returns the entries whose time has not passed and that another view does not have. */
    List<RevocationEntry> missingIn(RevocationView other, Instant now) {
        List<RevocationEntry> missing = new ArrayList<>();
        long second = now.getEpochSecond();
        changing.lock();
        try {
            tokens.forEach((key, until) -> {
                if (until >= second && !other.hasToken(key)) {
                    missing.add(new Token(key, until));
                }
            });
            for (User user : users.values()) {
                User its = other.user(user.key());
                if (user.until() >= second && (its == null || its.at() < user.at())) {
                    missing.add(user);
                }
            }
        } finally {
            changing.unlock();
        }
        return missing;
    }

    /** Returns how many entries this view holds. */
    int size() {
        changing.lock();
        try {
            return tokens.size() + users.size();
        } finally {
            changing.unlock();
        }
    }
}
