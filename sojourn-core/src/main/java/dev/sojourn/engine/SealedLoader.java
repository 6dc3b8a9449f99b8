package dev.sojourn.engine;

import dev.sojourn.SessionInfo;
import dev.sojourn.SessionListener.Timeout;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.engine.SealedLookup.Candidate;
import dev.sojourn.spi.SessionRecord;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Finds the session among the sealed texts of a request: what a request knows at its first use of the session.
 *
 * <p>Any of several texts may have been planted: an attacker has valid ones too. So a text counts only where choosing it
 * cannot put a user into another user's session: where the others are dead, where all are copies of one session, or where all
 * are sessions of the same user. Else none counts. Keeps no state.
 */
final class SealedLoader {
    private final SealedSettings settings;
    private final EventBuffer events;
    private final ViewRefresh refresh;

    /** @param refresh when looking up ended sessions may read their list */
    SealedLoader(SealedSettings settings, EventBuffer events, ViewRefresh refresh) {
        this.settings = settings;
        this.refresh = refresh;
        this.events = events;
    }

    /**
     * Finds the session, and notes what the response does with what the client has.
     *
     * @return the state that the request begins with
     * @throws dev.sojourn.SessionUnavailableException if it is unknown whether the session was ended
     */
    SealedState load(SealedClient client) {
        SealedLookup lookup = client.lookup();
        if (lookup.hasUnknownKey()) {
            refuse(client, TokenRefusal.UNKNOWN_KEY);
            warn(
                    "a sealed session arrived that names a key that this node does not have, so its client counts as signed"
                            + " out here. If a secret was just changed, let every node open the new one before one of them"
                            + " seals with it, and list the former one too: Jwe.secret(newOne, formerOne)");
            if (lookup.candidates().stream().anyMatch(each -> each.route().canBePlanted(client.exchange()))) {
                // One of them was planted. Removed from where it can be, it stops no request after a login.
                client.untangle();
            }
            return SealedState.UnknownKey.INSTANCE;
        }
        if (lookup.refusal() != null) {
            refuse(client, lookup.refusal());
            if (lookup.refusal() == TokenRefusal.AMBIGUOUS) {
                client.untangle();
            }
            return SealedState.None.INSTANCE;
        }
        return choose(lookup, client);
    }

    private SealedState choose(SealedLookup lookup, SealedClient client) {
        List<Candidate> live = new ArrayList<>(1);
        boolean ended = false;
        boolean dead = lookup.hasUnreadable();
        if (lookup.hasUnreadable()) {
            events.unreadableSealedSession();
        }
        for (Candidate each : lookup.candidates()) {
            SealedRecord session = each.session();
            if (isAhead(session)) {
                warn("a sealed session arrived that begins in the future, so it does not count: the clocks of the nodes"
                        + " differ by more than " + SealedSettings.CLOCK_SKEW.toSeconds() + " s");
                ended = true;
            } else if (isExpired(session)) {
                dead = true;
            } else if (settings.ended.isEnded(session, refresh)) {
                refuse(client, TokenRefusal.REVOKED);
                ended = true;
            } else {
                live.add(each);
            }
        }
        if (live.isEmpty()) {
            // What another request has ended may have been replaced by a login in the meantime.
            if (dead && !ended) {
                client.takeAway();
            }
            return SealedState.None.INSTANCE;
        }
        Optional<Candidate> choice = choice(live);
        if (choice.isEmpty()) {
            refuse(client, TokenRefusal.AMBIGUOUS);
            client.noteRivals(live);
            client.untangle();
            return SealedState.None.INSTANCE;
        }
        client.choose(choice.get(), live);
        return new SealedState.Live(within(choice.get().session()));
    }

    /** Returns the session that counts; empty if none does. */
    private static Optional<Candidate> choice(List<Candidate> live) {
        Candidate first = live.get(0);
        if (live.stream()
                .allMatch(each -> each.session().id().equals(first.session().id()))) {
            return live.stream().max(Comparator.comparing(each -> each.session().expiresAt()));
        }
        String subject = first.session().record().subject();
        boolean sameUser = subject != null
                && live.stream()
                        .allMatch(each -> subject.equals(each.session().record().subject()));
        return sameUser
                ? live.stream()
                        .max(Comparator.comparing((Candidate each) ->
                                        each.session().record().createdAt())
                                .thenComparing(each -> each.session().expiresAt()))
                : Optional.empty();
    }

    private boolean isAhead(SealedRecord session) {
        Instant latest = settings.clock.instant().plus(SealedSettings.CLOCK_SKEW);
        return session.record().createdAt().isAfter(latest);
    }

    private boolean isExpired(SealedRecord session) {
        SealedRecord within = within(session);
        SessionRecord record = within.record();
        Timeout passed = settings.deadlines.passedTimeout(within.expiresAt(), record, settings.clock.instant());
        if (passed == null) {
            return false;
        }
        SessionInfo info = new SessionInfo(
                session.id(), record.subject(), record.createdAt(), settings.deadlines.end(within.expiresAt(), record));
        events.add(listener -> listener.onExpired(info, passed));
        return true;
    }

    /** Returns a session as this configuration allows it, although another one may have allowed more. */
    private SealedRecord within(SealedRecord session) {
        SessionRecord record = settings.withinAbsoluteTimeout(session.record());
        Duration idle = settings.deadlines.idle(record.settings());
        Instant latest = settings.clock.instant().plus(idle);
        boolean beyond = !idle.isZero() && session.expiresAt().isAfter(latest);
        return new SealedRecord(session.id(), beyond ? latest : session.expiresAt(), session.tag(), record);
    }

    private void refuse(SealedClient client, TokenRefusal refusal) {
        String address = client.exchange().remoteAddress();
        events.add(listener -> listener.onTokenRefused(address, refusal));
    }

    private void warn(String message) {
        if (settings.warnings.claim()) {
            EventBuffer.logger().log(Level.WARNING, message + ". This is logged at most once an hour");
        }
    }
}
