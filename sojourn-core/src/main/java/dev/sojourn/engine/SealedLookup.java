package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SealFormat.Opened;
import dev.sojourn.spi.TokenTransport;
import dev.sojourn.spi.UnreadableRecordException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The sealed texts that a request came with, opened. Nothing is judged yet: neither expiry nor revocations.
 *
 * @param candidates the sessions
 * @param hasUnknownKey whether this node has no key for one of the texts
 * @param hasUnreadable whether this version cannot read the content of one of the texts
 * @param refusal what was wrong if nothing opened, or null
 */
record SealedLookup(
        List<Candidate> candidates,
        boolean hasUnknownKey,
        boolean hasUnreadable,
        @Nullable TokenRefusal refusal) {
    /** Nothing came. */
    static final SealedLookup NOTHING = new SealedLookup(List.of(), false, false, null);

    /** An honest client sends one text; a few more are considered where another host can plant cookies. */
    private static final int MOST_CANDIDATES = 4;

    /**
     * A session that a text opened to.
     *
     * @param route the route by which the text came
     * @param session the session
     */
    record Candidate(SealedRoute route, SealedRecord session) {}

    /** Opens the texts of a request. */
    static SealedLookup in(Exchange exchange, SealedSettings settings) {
        List<Candidate> candidates = new ArrayList<>(1);
        boolean unknownKey = false;
        boolean unreadable = false;
        boolean seen = false;
        Instant now = settings.clock.instant();
        for (SealedRoute route : settings.routes) {
            TokenTransport.RequestTokens found = route.transport().read(exchange);
            if (found.refused() || found.tokens().size() > MOST_CANDIDATES) {
                return new SealedLookup(List.of(), false, false, TokenRefusal.AMBIGUOUS);
            }
            for (String text : found.tokens()) {
                seen = true;
                Opened opened = route.sealIn(exchange).open(text, now, settings.maxAge());
                unknownKey |= opened instanceof Opened.UnknownKey;
                if (opened instanceof Opened.Content content) {
                    SealedRecord session = read(content.bytes(), now);
                    unreadable |= session == null;
                    if (session != null) {
                        candidates.add(new Candidate(route, session));
                    }
                }
            }
        }
        if (candidates.size() > MOST_CANDIDATES) {
            return new SealedLookup(List.of(), false, false, TokenRefusal.AMBIGUOUS);
        }
        boolean nothingOpened = candidates.isEmpty() && !unknownKey && !unreadable;
        return new SealedLookup(
                List.copyOf(candidates),
                unknownKey,
                unreadable,
                unknownKey ? TokenRefusal.UNKNOWN_KEY : seen && nothingOpened ? TokenRefusal.NOT_ISSUED : null);
    }

    private static @Nullable SealedRecord read(byte[] content, Instant now) {
        try {
            return SealedRecord.read(content).withoutEndedAttributes(now);
        } catch (UnreadableRecordException e) {
            return null;
        }
    }
}
