package dev.sojourn.engine;

import dev.sojourn.Health;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.engine.RevocationEntry.Token;
import dev.sojourn.engine.RevocationEntry.User;
import dev.sojourn.spi.SessionStore;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The engine behind {@code Revocations}: which tokens were revoked and which users' sessions were ended, on all nodes.
 *
 * <p>Thread-safe. Owns no thread. A check costs no store call, except that the request that finds the view half as old as it
 * may be makes two loads. Until the view has been loaded once, and while it is too old, every check throws {@link
 * SessionUnavailableException}.
 */
public final class RevocationList {
    /** How much clocks may differ: an entry is kept for this much longer than the token that it is about. */
    private static final Duration SKEW = Duration.ofSeconds(60);

    private final RevocationSettings settings;
    private final RevocationStore store;
    private final RevocationView view;
    private final RevocationLog log;
    private final RevocationRefresher refresher;
    private final RevocationQueue queue;
    /** The rules by which the mounted sources spell users. */
    private final Set<UnaryOperator<String>> subjectRules = new CopyOnWriteArraySet<>();

    private RevocationList(SessionStore sessionStore, RevocationSettings settings, RetryPacer pacer) {
        this.settings = settings;
        this.store = new RevocationStore(sessionStore, settings.listener(), pacer);
        this.view = new RevocationView();
        this.log = new RevocationLog(store, view, settings, pacer);
        this.refresher = new RevocationRefresher(log, store, settings, pacer);
        this.queue = new RevocationQueue(log);
    }

    /**
     * Creates a list in real time; no I/O.
     *
     * @param store where the list is kept
     * @param settings the configuration
     * @return the list
     */
    public static RevocationList of(SessionStore store, RevocationSettings settings) {
        return new RevocationList(store, settings, RetryPacer.REAL);
    }

    /**
     * Creates a list that waits as a pacer does, for proofs; no I/O.
     *
     * @param store where the list is kept
     * @param settings the configuration
     * @param pacer how it waits
     * @return the list
     */
    public static RevocationList of(SessionStore store, RevocationSettings settings, RetryPacer pacer) {
        return new RevocationList(store, settings, pacer);
    }

    // ---- at start-up

    /**
     * Notes how long tokens live that this list can end: ends of all sessions of a user are kept for the longest of these
     * lifetimes on any node. Called when sessions are mounted; no I/O.
     *
     * @param longest the maximum lifetime of a token
     * @throws IllegalArgumentException if it is not positive or is longer than 3,650 days
     */
    public void requireLifetime(Duration longest) {
        if (longest.isZero() || longest.isNegative() || longest.compareTo(Deadlines.LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "revocations are kept until the last token that they are about has ended, so every token needs an end of at"
                            + " most 3650 days, not " + longest + ": set an absoluteTimeout");
        }
        log.requireLifetime(longest.plusSeconds(1).minusNanos(1).toSeconds());
    }

    /**
     * Adds the rule by which a source of sessions spells its users: {@link #endAll(String)} ends a user under the spelling of
     * each source. Called when sessions are mounted; no I/O.
     *
     * @param rule returns the one spelling of a user, or throws {@link IllegalArgumentException} if no user is called that
     */
    public void addSubjectRule(UnaryOperator<String> rule) {
        subjectRules.add(rule);
    }

    /**
     * Returns whether the list is kept in this store. Sessions in the same store would be swept together with it, and are
     * refused at start-up.
     *
     * @param other the store of sessions
     * @return true if one store does the work of both, behind whatever passes calls on to it
     */
    public boolean uses(SessionStore other) {
        return store.isOver(other);
    }

    // ---- checks

    /**
     * Returns whether a check would block at this moment: whether it would read the list, or wait for another request that
     * reads it. Does no I/O. If this is false, a check with {@code IF_TOO_OLD} right after it does none either,
     * unless its thread is held up for half of the delay in between: it is correct in any case.
     *
     * @return false while the view is young enough
     */
    public boolean mayBlock() {
        return refresher.isRefreshDue();
    }

    /** Returns whether {@link #isTagCurrent} would block at this moment. Does no I/O. */
    boolean mayBlock(String subject, @Nullable String tag) {
        if (mayBlock()) {
            return true;
        }
        User end = relevantEnd(subject);
        return end != null && tag != null && !end.tagText().equals(tag) && !view.isFormerTag(tag);
    }

    /**
     * Returns whether a token was revoked.
     *
     * @param id the public id of its session, or the token's own id
     * @return true if it was revoked on this node, or on another one longer ago than the delay; true or false if that is
     *     not as long ago
     * @throws SessionUnavailableException if no view is available that is young enough
     */
    public boolean isRevoked(String id) {
        return isRevoked(id, ViewRefresh.AHEAD);
    }

    boolean isRevoked(String id, ViewRefresh refresh) {
        refresher.ensureFresh(refresh);
        return view.hasToken(RevocationEntry.keyOf(id));
    }

    /**
     * Returns whether a token dates from after the latest end of all sessions of its user. A tag that this node has not read
     * is of a later end on another node, after which the user has signed in again. Then this call reads the list: two loads,
     * once for each end.
     *
     * @param subject the user
     * @param tag the tag that the token carries, or null if it carries none
     * @return false if the user's sessions were ended and the token does not carry the tag of the latest end
     * @throws SessionUnavailableException if no view is available that is young enough
     */
    public boolean isTagCurrent(String subject, @Nullable String tag) {
        return isTagCurrent(subject, tag, ViewRefresh.AHEAD, () -> {});
    }

    /** @param beforeBlocking a check of the calling thread, run before the list is read because of a tag */
    boolean isTagCurrent(String subject, @Nullable String tag, ViewRefresh refresh, Runnable beforeBlocking) {
        refresher.ensureFresh(refresh);
        User end = relevantEnd(subject);
        if (end == null || end.tagText().equals(tag)) {
            return true;
        }
        if (tag == null || view.isFormerTag(tag)) {
            return false;
        }
        beforeBlocking.run();
        refresher.refreshNow();
        User latest = relevantEnd(subject);
        if (latest == null || latest.tagText().equals(tag)) {
            return true;
        }
        // It is of an end that was dropped before the latest one.
        view.noteFormerTag(tag, latest.until());
        return false;
    }

    /**
     * Returns the tag that a new token of a user has to carry. Blocks: reads the list from the store.
     *
     * @param subject the user
     * @return the tag of the latest end of all sessions of this user; null if there was none, or it was so long ago that it
     *     does not matter
     * @throws SessionUnavailableException if the store is unavailable
     */
    public @Nullable String freshTag(String subject) {
        refresher.refreshNow();
        User end = view.user(RevocationEntry.keyOf(subject));
        return end == null ? null : end.tagText();
    }

    /**
     * Returns whether a token without a tag may date from before the latest end of all sessions of its user: for tokens of
     * other issuers. Compares the issuer's clock with that of the node that ended the sessions. In doubt the token counts as
     * revoked, so a token from the same second does.
     *
     * @param subject the user
     * @param issuedAt when the token was issued, or null if it does not state that
     * @return true if the user's sessions were ended and the token was not issued later
     * @throws SessionUnavailableException if no view is available that is young enough
     */
    public boolean isRevokedAt(String subject, @Nullable Instant issuedAt) {
        return isRevokedAt(subject, issuedAt, ViewRefresh.AHEAD);
    }

    boolean isRevokedAt(String subject, @Nullable Instant issuedAt, ViewRefresh refresh) {
        refresher.ensureFresh(refresh);
        User end = relevantEnd(subject);
        return end != null && (issuedAt == null || issuedAt.getEpochSecond() * 1_000 <= end.at());
    }

    /**
     * Returns the latest end of all sessions of a user, or null if no token from before it can still count. Such an end stays
     * in the view for minutes, and {@link #freshTag} goes on to return its tag: another node may have dropped it by then, and
     * give no tag to a new token.
     */
    private @Nullable User relevantEnd(String subject) {
        User end = view.hasUsers() ? view.user(RevocationEntry.keyOf(subject)) : null;
        return end == null || end.until() < settings.clock().instant().getEpochSecond() ? null : end;
    }

    // ---- revoking

    /**
     * Revokes a token: on this node from the moment of the return, on every other node at most the delay later. Blocks until
     * the store has confirmed it. Revoking again does no harm.
     *
     * @param id the public id of its session, or the token's own id
     * @param until when the token ends
     * @throws SessionUnavailableException if the store did not confirm it; repeat it then
     */
    public void revoke(String id, Instant until) {
        append(new Token(RevocationEntry.keyOf(id), keptUntil(until)));
    }

    /**
     * Ends all sessions of a user: on this node from the moment of the return, on every other node at most the delay later.
     * Blocks until the store has confirmed it.
     *
     * @param subject the user
     * @param until when the last token ends that any node has issued to this user
     * @throws SessionUnavailableException if the store did not confirm it; repeat it then
     */
    public void endAll(String subject, Instant until) {
        TextRules.requireSubject(subject);
        append(new User(
                RevocationEntry.keyOf(subject),
                keptUntil(until),
                settings.random().nextLong(),
                settings.clock().instant().toEpochMilli()));
    }

    /**
     * Ends all sessions of a user, for as long as the longest lifetime of a token that any node has named. The user is ended
     * under the spelling of each source that is mounted in this process, and as given if there is none.
     *
     * @param subject the user, in any spelling
     * @throws IllegalArgumentException if no user is called that
     * @throws IllegalStateException if no node has named a lifetime
     * @throws SessionUnavailableException if the store did not confirm it; repeat it then
     */
    public void endAll(String subject) {
        TextRules.requireSubject(subject);
        load();
        long lifetime = log.lifetime();
        if (lifetime == 0) {
            throw new IllegalStateException(
                    "no sessions with these revocations have been mounted on any node, so there is nothing that could be"
                            + " ended: name them in c.revocations(...) of the sessions first");
        }
        Instant until = settings.clock().instant().plusSeconds(lifetime);
        Set<String> names = new LinkedHashSet<>();
        subjectRules.forEach(rule -> names.add(rule.apply(subject)));
        if (names.isEmpty()) {
            names.add(subject);
        }
        names.forEach(name -> endAll(name, until));
    }

    private void append(RevocationEntry entry) {
        load();
        queue.append(entry);
    }

    /** Reads the list once: what is appended is put in order behind what is there. */
    private void load() {
        if (!refresher.isLoaded()) {
            refresher.refreshNow();
        }
    }

    private static long keptUntil(Instant until) {
        return RevocationEntry.secondOf(Objects.requireNonNull(until, "until").plus(SKEW));
    }

    // ---- operation

    /**
     * Reads the list from the store. Blocks until the store responds or its deadline has passed.
     *
     * @return whether the list could be read; never throws because the store is unavailable
     */
    public Health health() {
        long began = System.nanoTime();
        Optional<String> problem = Optional.empty();
        try {
            refresher.refreshNow();
        } catch (SessionUnavailableException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        return new Health(problem.isEmpty(), Duration.ofNanos(System.nanoTime() - began), problem);
    }

    /** Returns how many entries the view holds, for tests. */
    int size() {
        return view.size();
    }
}
