package dev.sojourn.engine;

import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionUndeliverableException;
import dev.sojourn.engine.SealedLookup.Candidate;
import dev.sojourn.spi.Exchange;
import dev.sojourn.spi.SessionSettings;
import dev.sojourn.spi.TokenTransport.Terms;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The sealed texts of one request's client: what came with the request, and what the response does with it. */
final class SealedClient implements AttributeLimits {
    private enum Kind {
        NOTHING,
        /** Removes the cookies that can be removed, because the client has several that contradict each other. */
        UNTANGLE,
        /** Sends a text. */
        GIVE,
        /** Removes the client's text, which is worthless. */
        TAKE_AWAY
    }

    private final SealedSettings settings;
    private final Exchange exchange;
    private @Nullable SealedLookup lookup;
    private SealedRoute route;
    private List<Candidate> live = List.of();
    private Kind kind = Kind.NOTHING;
    private String text = "";
    private Terms terms = new Terms(null, null);
    private boolean clearsSiteData;

    SealedClient(SealedSettings settings, Exchange exchange) {
        this.settings = settings;
        this.exchange = new ProxiedExchange(exchange, settings.proxies);
        this.route = settings.routes.get(0);
    }

    /** Returns the client in the next scope of its request, with the session that it has by then; null for none. */
    SealedClient inNextScope(@Nullable SealedRecord session) {
        SealedClient same = new SealedClient(settings, exchange);
        same.route = route;
        same.lookup = session == null
                ? SealedLookup.NOTHING
                : new SealedLookup(List.of(new Candidate(route, session)), false, false, null);
        return same;
    }

    /** Returns the request, as trusted proxies describe it. */
    Exchange exchange() {
        return exchange;
    }

    /** Returns what the request carried. The texts are opened once. */
    SealedLookup lookup() {
        if (lookup == null) {
            lookup = SealedLookup.in(exchange, settings);
        }
        return lookup;
    }

    /** Returns the public id of the session that the client's text opens to. */
    Optional<String> publicId() {
        List<Candidate> all = lookup().candidates();
        return all.size() == 1 && !lookup().hasUnknownKey()
                ? Optional.of(all.get(0).session().id())
                : Optional.empty();
    }

    /** Whether the request carries a session whose end has to be looked up. */
    boolean hasCandidates() {
        return !lookup().candidates().isEmpty() && !lookup().hasUnknownKey();
    }

    /** Chooses one of the live sessions. */
    void choose(Candidate one, List<Candidate> among) {
        route = one.route();
        live = among;
    }

    /** Notes live sessions that contradict each other. */
    void noteRivals(List<Candidate> rivals) {
        live = rivals;
    }

    /** Returns the live sessions of all texts; empty if there is none, and one if the client is as it should be. */
    List<SealedRecord> liveSessions() {
        return live.stream().map(Candidate::session).toList();
    }

    /** Whether the client has texts that a logout removes, although none of them counts. */
    boolean hasSomethingToRemove() {
        return !isAnswered()
                && (!lookup().candidates().isEmpty() || lookup().refusal() == TokenRefusal.AMBIGUOUS)
                && !lookup().hasUnknownKey();
    }

    /** Whether the client has other texts than the one that counts, so that it is to be given that one alone. */
    boolean isContested() {
        return lookup().candidates().size() > 1;
    }

    @Override
    public int maxAttributes() {
        return settings.maxAttributes;
    }

    @Override
    public void checkSize(String attribute, int bytes) {
        if (size(bytes) > SealedSettings.LARGEST) {
            throw SealedSettings.tooLarge(attribute, bytes);
        }
    }

    /** Returns how many bytes the cookie's name and value have if a content of this length is sealed. */
    int size(int contentBytes) {
        return route.size(exchange, contentBytes);
    }

    /** Whether a text could be given to this client. */
    boolean isDeliverable() {
        return route.transport().refusal(exchange).isEmpty();
    }

    /** Throws if a text could not be given to this client. */
    void checkDeliverable() {
        Optional<String> refusal = route.transport().refusal(exchange);
        if (refusal.isPresent()) {
            throw new SessionUndeliverableException("no session for this client: " + refusal.get());
        }
    }

    /** Seals a content. */
    String seal(byte[] content) {
        return route.sealIn(exchange).seal(content, settings.clock.instant());
    }

    // ---- what the response does

    void give(String sealed, Terms under) {
        kind = Kind.GIVE;
        text = sealed;
        terms = under;
    }

    /** Removes what the client has. */
    void takeAway() {
        takeAway(SessionSettings.AS_CONFIGURED);
    }

    /** Removes what the client has, which was sealed under these settings: browsers require the same attributes again. */
    void takeAway(SessionSettings sealedUnder) {
        kind = Kind.TAKE_AWAY;
        terms = new Terms(null, sealedUnder.sameSite());
    }

    /** Has the browser forget what it keeps of this site if the response removes the session. */
    void clearSiteData() {
        clearsSiteData = true;
    }

    void untangle() {
        kind = kind == Kind.NOTHING ? Kind.UNTANGLE : kind;
    }

    /** Whether the response changes what the client has. */
    boolean isAnswered() {
        return kind == Kind.GIVE || kind == Kind.TAKE_AWAY;
    }

    /** Sets {@code Vary}: the response depends on the client. */
    void vary() {
        settings.routes.forEach(
                each -> HeaderLists.add(exchange, "Vary", each.transport().varyHeader()));
    }

    /** Sets the response's headers. May be repeated. */
    void respond() {
        switch (kind) {
            case NOTHING -> {}
            case UNTANGLE -> {
                boolean any = false;
                for (SealedRoute each : settings.routes) {
                    any |= each.transport().clearStrayTokens(exchange);
                }
                if (any) {
                    CacheHeaders.forbid(exchange);
                }
            }
            case GIVE -> {
                removeOthers();
                route.transport().write(exchange, text, terms);
                CacheHeaders.forbid(exchange);
            }
            case TAKE_AWAY -> {
                removeOthers();
                route.transport().clear(exchange, terms);
                if (clearsSiteData) {
                    settings.siteData.clear(exchange);
                }
                CacheHeaders.forbid(exchange);
            }
        }
    }

    /** A client needs one text, so those by other routes are removed. */
    private void removeOthers() {
        settings.routes.stream()
                .filter(each -> each != route && each.isUsedBy(exchange))
                .forEach(each -> each.transport().clear(exchange, terms));
    }
}
