package dev.sojourn.demo;

import dev.sojourn.CsrfOptions;
import dev.sojourn.Requests;
import dev.sojourn.Revocations;
import dev.sojourn.SealedSessions;
import dev.sojourn.Sessions;
import dev.sojourn.SourceByRequest;
import dev.sojourn.TokenSessions;
import dev.sojourn.demo.api.Api;
import dev.sojourn.demo.journal.Journal;
import dev.sojourn.demo.journal.RecordingStore;
import dev.sojourn.demo.journal.StoreCall;
import dev.sojourn.demo.journal.StoreCalls;
import dev.sojourn.demo.pages.Lifetimes;
import dev.sojourn.demo.pages.Site;
import dev.sojourn.demo.store.DemoStore;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.spi.SessionStore;
import java.time.Clock;

/** Configures the demo's sessions and creates the pages that use them. */
final class DemoSessions {
    private final String secret;
    private final Clock clock;
    private final DemoStore store;
    private final StoreCalls calls;
    private final Journal journal;
    private final Jwe seal;
    private final Revocations revocations;
    private final String foreignPage;

    DemoSessions(String secret, Clock clock, DemoStore store, StoreCalls calls, Journal journal, String foreignPage) {
        this.foreignPage = foreignPage;
        this.secret = secret;
        this.clock = clock;
        this.store = store;
        this.calls = calls;
        this.journal = journal;
        this.seal = Jwe.secret(secret).application("sojourn-demo");
        this.revocations = Revocations.in(
                new RecordingStore(store.revocations(), StoreCall.Store.REVOCATIONS, calls), c -> c.clock(clock));
    }

    MountedSite mount() {
        return store.sessions()
                .map(found -> inStore(new RecordingStore(found, StoreCall.Store.SESSIONS, calls)))
                .orElseGet(this::sealed);
    }

    /** Pages with cookies, and the API with tokens. Both keep their sessions in one store, so one list shows both. */
    private MountedSite inStore(SessionStore recorded) {
        Sessions sessions = Sessions.create(c -> c.secret(secret)
                .store(recorded)
                .clock(clock)
                .idleTimeout(Lifetimes.IDLE)
                .absoluteTimeout(Lifetimes.ABSOLUTE)
                .touchInterval(Lifetimes.TOUCH_INTERVAL)
                .rememberMe()
                .csrf(DemoSessions::everywhere));
        TokenSessions tokens = TokenSessions.create(c -> c.secret(secret)
                .store(recorded)
                .clock(clock)
                .access(AccessTokens.sealed(seal))
                .revocations(revocations)
                .csrf(DemoSessions::everywhere));
        return new MountedSite(
                Site.inStore(tokens, clock, journal, store.name(), foreignPage),
                SourceByRequest.of(sessions).when(Requests.below(Api.PATH), tokens),
                sessions::health);
    }

    /** The demo accepts forms from its own pages only, also of visitors without a session. */
    private static void everywhere(CsrfOptions options) {
        options.checkWithoutCookie("/");
    }

    private MountedSite sealed() {
        SealedSessions sessions = SealedSessions.create(c -> c.seal(seal)
                .revocations(revocations)
                .clock(clock)
                .idleTimeout(Lifetimes.IDLE)
                .absoluteTimeout(Lifetimes.ABSOLUTE)
                .touchInterval(Lifetimes.TOUCH_INTERVAL)
                .csrf(DemoSessions::everywhere));
        return new MountedSite(
                Site.sealed(revocations, clock, journal, store.name(), foreignPage), sessions, revocations::health);
    }
}
