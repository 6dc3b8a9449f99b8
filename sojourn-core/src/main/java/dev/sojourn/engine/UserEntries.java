package dev.sojourn.engine;

import dev.sojourn.UserSession;
import dev.sojourn.spi.StoreKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The records of one user as the user knows them: a remembered browser and its sessions are one entry, and so is any other
 * session. Not thread-safe.
 */
final class UserEntries {
    private final Map<StoreKey, Entry> entries = new LinkedHashMap<>();

    /** One entry: a browser, its sessions, or both. */
    private static final class Entry {
        private @Nullable RecordSnapshot browser;
        private final List<RecordSnapshot> sessions = new ArrayList<>(1);
    }

    void add(RecordSnapshot snapshot) {
        StoreKey browser = RememberSettings.browserKey(snapshot.record());
        Entry entry = entries.computeIfAbsent(browser == null ? snapshot.key() : browser, key -> new Entry());
        if (RememberSettings.isBrowser(snapshot.record())) {
            entry.browser = snapshot;
        } else {
            entry.sessions.add(snapshot);
        }
    }

    int count() {
        return entries.size();
    }

    /**
     * Returns each entry as a list shows it.
     *
     * @param listed presents one record
     */
    List<UserSession> list(Function<RecordSnapshot, UserSession> listed) {
        return entries.values().stream().map(entry -> list(entry, listed)).toList();
    }

    /** Shows the session of this request, or else the one that was used last. A browser without a session shows itself. */
    private static UserSession list(Entry entry, Function<RecordSnapshot, UserSession> listed) {
        List<UserSession> sessions = entry.sessions.stream().map(listed).toList();
        if (entry.browser == null) {
            return latest(sessions);
        }
        UserSession browser = listed.apply(entry.browser);
        UserSession shown = sessions.isEmpty() ? browser : latest(sessions);
        return new UserSession(
                shown.publicId(),
                browser.createdAt(),
                lastAccess(sessions, browser),
                later(shown.expiresAt(), browser.expiresAt()),
                shown.current(),
                shown.signIn(),
                shown.device(),
                shown.actingBy(),
                true);
    }

    private static UserSession latest(Collection<UserSession> sessions) {
        return sessions.stream()
                .max(Comparator.comparing(UserSession::current).thenComparing(UserSession::lastAccessedAt))
                .orElseThrow();
    }

    private static Instant lastAccess(List<UserSession> sessions, UserSession browser) {
        return Stream.concat(sessions.stream(), Stream.of(browser))
                .map(UserSession::lastAccessedAt)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Instant later(Instant one, Instant other) {
        return one.isBefore(other) ? other : one;
    }
}
