package dev.sojourn.proof.behaviour;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.SessionListener.TokenRefusal;
import dev.sojourn.SessionListener.UnreadableData;
import dev.sojourn.SessionUnavailableException;
import dev.sojourn.SessionView;
import dev.sojourn.SignInRequiredException;
import dev.sojourn.TokenRefusedException;
import dev.sojourn.TokenViews;
import dev.sojourn.UnreadablePolicy;
import dev.sojourn.engine.RevocationList;
import dev.sojourn.engine.RevocationSettings;
import dev.sojourn.proof.site.RecordingListener;
import dev.sojourn.proof.site.ViewSite;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreKey;
import dev.sojourn.spi.TokenVerifier;
import dev.sojourn.testing.FaultyStore;
import dev.sojourn.testing.SettableClock;
import dev.sojourn.testing.TestExchange;
import dev.sojourn.testing.TestTokens;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TokenViewsTest {
    private static final Key<List<String>> ROLES = Key.listOf("roles", String.class);
    private static final String PUBLIC_ID = "Yh7wP2kQ9sT4vX1zB6nM3c";

    private final SettableClock clock = new SettableClock();
    private final RecordingListener listener = new RecordingListener();
    private final TestTokens tokens = new TestTokens();
    private final TokenViews views =
            TokenViews.create(c -> c.trust(tokens).clock(clock).listener(listener));

    TokenViewsTest() {
        clock.set(clock.instant().truncatedTo(ChronoUnit.SECONDS));
    }

    private TestExchange request(@Nullable String token) {
        return token == null ? new TestExchange("/") : new TestExchange("/", ViewSite.bearer(token));
    }

    private TestExchange read(@Nullable String token, Consumer<SessionView> reader) {
        return request(token).serveView(views, reader);
    }

    private String issue(Map<String, ?> claims) {
        return tokens.issue("alice", clock.instant(), claims);
    }

    private AccessToken token(
            @Nullable String issuer, @Nullable String subject, @Nullable String tokenId, @Nullable String sessionId) {
        return new AccessToken(
                issuer,
                subject,
                tokenId,
                sessionId,
                null,
                null,
                clock.instant(),
                clock.instant().plusSeconds(60),
                JsonMembers.EMPTY);
    }

    private String publicId(AccessToken token) {
        StringBuilder found = new StringBuilder();
        read(tokens.issue(token), view -> found.append(view.publicId()));
        return found.toString();
    }

    @Test
    void the_claims_of_the_token_are_the_attributes() {
        String token = issue(Map.of("roles", List.of("admin", "user"), "level", 7));
        read(token, view -> {
            assertThat(view.subject()).isEqualTo("alice");
            assertThat(view.requireSubject()).isEqualTo("alice");
            assertThat(view.get(ROLES)).containsExactly("admin", "user");
            assertThat(view.get("level", Integer.class)).isEqualTo(7);
            assertThat(view.get("level", Object.class)).isEqualTo(7);
            assertThat(view.get("absent", String.class)).isNull();
            assertThat(view.has("level")).isTrue();
            assertThat(view.has(ROLES)).isTrue();
            assertThat(view.has("absent")).isFalse();
            assertThat(view.names()).containsExactlyInAnyOrder("roles", "level");
            assertThat(view).hasToString("SessionView");
        });
        assertThat(listener.names()).isEmpty();
    }

    @Test
    void a_change_within_a_value_that_was_returned_changes_nothing() {
        read(issue(Map.of("roles", List.of("user"))), view -> {
            List<String> roles = Objects.requireNonNull(view.get(ROLES));
            roles.add("admin");
            assertThat(view.get(ROLES)).containsExactly("user");
            view.names().add("other");
            assertThat(view.names()).containsExactly("roles");
        });
    }

    @Test
    void a_claim_of_another_type_reads_as_absent_and_is_reported_once_for_each_read() {
        read(issue(Map.of("scp", List.of("read"), "level", 1.5)), view -> {
            assertThat(view.get("scp", String.class)).isNull();
            assertThat(view.get("scp", Object.class)).isEqualTo(List.of("read"));
            assertThat(view.get("level", Integer.class)).isNull();
        });
        assertThat(listener.names()).containsExactly("unreadable", "unreadable");
        UnreadableData first = (UnreadableData) listener.all().get(0).details().get(0);
        assertThat(first.attribute()).contains("scp");
    }

    @Test
    void with_end_session_a_token_with_an_unreadable_claim_is_refused() {
        TokenViews strict = TokenViews.create(
                c -> c.trust(tokens).clock(clock).listener(listener).whenUnreadable(UnreadablePolicy.END_SESSION));
        request(issue(Map.of("role", List.of("user")))).serveView(strict, view -> {
            assertThat(view.subject()).isEqualTo("alice");
            assertThatThrownBy(() -> view.get("role", String.class)).isInstanceOf(TokenRefusedException.class);
            assertThatThrownBy(view::subject).isInstanceOf(TokenRefusedException.class);
        });
        assertThat(listener.names()).containsExactly("unreadable", "tokenRefused");
    }

    @Test
    void the_session_began_with_the_login_or_if_that_is_not_stated_with_the_token() {
        Instant now = clock.instant();
        read(issue(Map.of()), view -> {
            assertThat(view.createdAt()).isEqualTo(now);
            assertThat(view.expiresAt()).isEqualTo(now.plusSeconds(300));
        });
        AccessToken late = new AccessToken(
                null,
                "alice",
                null,
                null,
                null,
                now.minusSeconds(3600).plusNanos(1_500_000),
                now,
                now.plusSeconds(60).plusNanos(1),
                JsonMembers.EMPTY);
        read(tokens.issue(late), view -> {
            assertThat(view.createdAt()).isEqualTo(now.minusSeconds(3600).plusMillis(1));
            assertThat(view.expiresAt()).isEqualTo(now.plusSeconds(60));
        });
    }

    @Test
    void without_a_token_the_view_is_anonymous() {
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            TestExchange response = read(null, view -> {
                assertThat(view.subject()).isNull();
                assertThatThrownBy(view::requireSubject).isInstanceOf(SignInRequiredException.class);
                assertThat(view.names()).isEmpty();
                assertThat(view.get("role", String.class)).isNull();
                Instant first = view.createdAt();
                assertThat(first).isEqualTo(clock.instant());
                clock.advance(Duration.ofSeconds(1));
                assertThat(view.createdAt()).isEqualTo(first);
                assertThat(view.expiresAt()).isEqualTo(first);
                assertThat(view.publicId()).matches("[A-Za-z0-9_-]{22}").isEqualTo(view.publicId());
                ids.add(view.publicId());
            });
            assertThat(response.responseHeaders("Vary")).containsExactly("Authorization");
        }
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void the_public_id_is_that_of_a_sojourn_session_and_otherwise_a_hash() {
        assertThat(publicId(token(null, "alice", "t1", PUBLIC_ID))).isEqualTo(PUBLIC_ID);
        assertThat(publicId(token("https://id.example", "alice", "t1", PUBLIC_ID)))
                .isEqualTo(PUBLIC_ID);

        String keycloak = "3b1f0a52-8a5e-4c1c-9d39-5b8d4ef0a7c1";
        List<String> different = List.of(
                publicId(token("https://id.example", "alice", "t1", keycloak)),
                publicId(token("https://other.example", "alice", "t1", keycloak)),
                publicId(token("https://id.example", "alice", "t1", "a\nERROR forged line")),
                publicId(token("https://id.example", "alice", "t1", "")),
                publicId(token("https://id.example", "alice", keycloak, null)),
                publicId(token("https://id.example", "alice", "t2", null)),
                publicId(token("https://id.example", "alice", null, null)),
                publicId(token("https://id.example", "bob", null, null)));
        assertThat(different)
                .doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[A-Za-z0-9_-]{22}"));
        assertThat(publicId(token("https://id.example", "bob", "t9", keycloak)))
                .as("other tokens of the same session")
                .isEqualTo(different.get(0));
    }

    @Test
    void the_issuer_is_an_attribute_unless_the_application_issues_the_tokens_itself() {
        read(tokens.issue(token("https://id.example/\"a\"", "alice", null, null)), view -> {
            assertThat(view.names()).containsExactly("iss");
            assertThat(view.get("iss", String.class)).isEqualTo("https://id.example/\"a\"");
        });
        AccessToken own = new AccessToken(
                "https://shop.example",
                "alice",
                "t1",
                PUBLIC_ID,
                StoreKey.of("k".repeat(43)),
                null,
                clock.instant(),
                clock.instant().plusSeconds(60),
                JsonMembers.EMPTY.with("role", "\"user\"".getBytes(StandardCharsets.UTF_8)));
        read(tokens.issue(own), view -> assertThat(view.names()).containsExactly("role"));
    }

    @Test
    void subjects_have_one_spelling() {
        TokenViews lower = TokenViews.create(
                c -> c.trust(tokens).clock(clock).normalizeSubjects(name -> name.toLowerCase(Locale.ROOT)));
        request(tokens.issue("ALICE", clock.instant(), Map.of()))
                .serveView(lower, view -> assertThat(view.subject()).isEqualTo("alice"));
    }

    @Test
    void a_token_is_verified_once_in_a_request_and_at_the_first_use() {
        AtomicInteger calls = new AtomicInteger();
        TokenVerifier counting = (token, now) -> {
            calls.incrementAndGet();
            return tokens.verify(token, now);
        };
        TokenViews counted = TokenViews.create(c -> c.trust(counting).clock(clock));
        TestExchange request = request(issue(Map.of("role", "user")));

        SessionScope scope = counted.open(request);
        SessionView view = scope.view();
        assertThat(scope.view()).isSameAs(view);
        assertThat(calls).hasValue(0);
        view.subject();
        view.get("role", String.class);
        scope.commit();
        try (SessionScope next = scope.next()) {
            assertThat(next.view().subject()).isEqualTo("alice");
            next.commit();
        }
        assertThat(calls).hasValue(1);
        assertThat(request.responseHeaders("Vary")).containsExactly("Authorization");
    }

    @Test
    void a_refusal_is_thrown_at_each_use_and_reported_once() {
        SessionScope scope = views.open(request("forged"));
        assertThatThrownBy(() -> scope.view().subject()).isInstanceOf(TokenRefusedException.class);
        assertThatThrownBy(() -> scope.view().names()).isInstanceOf(TokenRefusedException.class);
        assertThat(listener.names()).as("before the response has left").isEmpty();
        try (SessionScope next = scope.next()) {
            assertThatThrownBy(() -> next.view().createdAt()).isInstanceOf(TokenRefusedException.class);
        }
        assertThat(listener.names()).containsExactly("tokenRefused");
        assertThat(listener.all().get(0).details()).contains("127.0.0.1");
    }

    @Test
    void a_view_belongs_to_one_request() {
        SessionScope scope = views.open(request(issue(Map.of())));
        SessionView view = scope.view();
        assertThat(view.subject()).isEqualTo("alice");
        scope.close();
        assertThatThrownBy(view::subject)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("has ended");
        assertThatThrownBy(() -> scope.view().subject()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void nothing_else_than_a_view_is_mounted_and_the_message_names_what_is() {
        try (SessionScope scope = views.open(request(null))) {
            for (Runnable each : List.<Runnable>of(
                    scope::session, scope::sealed, scope::typedAttributes, scope::load, scope::begin)) {
                assertThatThrownBy(each::run)
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("TokenViews")
                        .hasMessageContaining("Sojourn.view(");
            }
            assertThat(scope.tokenPublicId()).isEmpty();
            assertThat(scope.hasPendingToken()).isFalse();
            assertThat(scope.mayBlock()).isFalse();
        }
        assertThat(views.cookieNames()).isEmpty();
        assertThat(views.tokenHeaders()).containsExactly("Authorization");
        assertThat(views).hasToString("TokenViews");
    }

    @Test
    void the_blocking_check_runs_before_a_verifier_that_may_do_io_and_only_if_there_is_a_token() {
        TokenVerifier remote = (token, now) -> tokens.verify(token, now);
        TokenViews blocking = TokenViews.create(c -> c.trust(tokens, remote).clock(clock));
        IllegalStateException onEventLoop = new IllegalStateException("an event loop must not wait");
        Runnable check = () -> {
            throw onEventLoop;
        };

        try (SessionScope scope = blocking.open(request(issue(Map.of())))) {
            scope.setBlockingCheck(check);
            assertThat(scope.viewMayBlock()).isTrue();
            assertThatThrownBy(() -> scope.view().subject()).isSameAs(onEventLoop);
            scope.setBlockingCheck(() -> {});
            scope.loadView();
            scope.setBlockingCheck(check);
            assertThat(scope.viewMayBlock()).isFalse();
            assertThat(scope.view().subject()).isEqualTo("alice");
        }
        try (SessionScope scope = blocking.open(request(null))) {
            scope.setBlockingCheck(check);
            assertThat(scope.viewMayBlock()).isFalse();
            assertThat(scope.view().subject()).isNull();
        }
        try (SessionScope scope = views.open(request(issue(Map.of())))) {
            scope.setBlockingCheck(check);
            assertThat(scope.viewMayBlock()).isFalse();
            assertThat(scope.view().subject()).isEqualTo("alice");
        }
    }

    @Test
    void the_use_check_runs_before_each_call() {
        AtomicInteger calls = new AtomicInteger();
        try (SessionScope scope = views.open(request(issue(Map.of())))) {
            SessionView view = scope.view();
            scope.setUseCheck(calls::incrementAndGet);
            view.subject();
            view.has("a");
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void views_without_a_verifier_or_changed_after_creation_fail_with_what_to_do() {
        assertThatThrownBy(() -> TokenViews.create(c -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("c.trust(");
        List<TokenViews.Config> kept = new ArrayList<>();
        TokenViews.create(c -> kept.add(c.trust(tokens)));
        assertThatThrownBy(() -> kept.get(0).trust(tokens))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TokenViews.create");
        assertThatThrownBy(() -> kept.get(0).clock(clock)).isInstanceOf(IllegalStateException.class);
    }

    // ---- revocations

    private final FaultyStore revoked =
            new FaultyStore(MemoryStore.builder().clock(clock).build());

    private RevocationList issuersList() {
        RevocationSettings settings =
                new RevocationSettings(Duration.ofSeconds(2), Duration.ZERO, clock, listener, new SecureRandom());
        return RevocationList.of(revoked, settings);
    }

    private TokenViews viewsWithRevocations() {
        Revocations revocations = Revocations.in(revoked, c -> c.clock(clock));
        return TokenViews.create(
                c -> c.trust(tokens).clock(clock).listener(listener).revocations(revocations));
    }

    @Test
    void a_token_is_refused_once_the_issuer_has_revoked_its_session_or_itself() {
        TokenViews checked = viewsWithRevocations();
        RevocationList issuer = issuersList();
        for (AccessToken token : List.of(
                token("https://id.example", "alice", "t1", PUBLIC_ID), token("https://id.example", null, "t2", null))) {
            String text = tokens.issue(token);
            request(text).serveView(checked, view -> assertThat(view.subject()).isEqualTo(token.subject()));

            String id = token.sessionId() != null ? token.sessionId() : String.valueOf(token.tokenId());
            issuer.revoke(id, token.expiresAt());
            clock.advance(Duration.ofSeconds(2));

            listener.clear();
            request(text)
                    .serveView(
                            checked,
                            view -> assertThatThrownBy(view::subject).isInstanceOf(TokenRefusedException.class));
            assertThat(listener.single("tokenRefused").details()).contains(TokenRefusal.REVOKED);
        }
    }

    @Test
    void tokens_from_before_the_end_of_all_sessions_of_a_user_are_refused_and_later_ones_count() {
        Revocations revocations = Revocations.in(revoked, c -> c.clock(clock));
        TokenViews checked = TokenViews.create(c -> c.trust(tokens)
                .clock(clock)
                .normalizeSubjects(name -> name.toLowerCase(Locale.ROOT))
                .revocations(revocations));
        String before = tokens.issue("ALICE", clock.instant(), Map.of());
        String bobs = tokens.issue("bob", clock.instant(), Map.of());

        revocations.endAll("alice");

        request(before)
                .serveView(
                        checked, view -> assertThatThrownBy(view::subject).isInstanceOf(TokenRefusedException.class));
        request(bobs).serveView(checked, view -> assertThat(view.subject()).isEqualTo("bob"));
        clock.advance(Duration.ofSeconds(1));
        request(tokens.issue("ALICE", clock.instant(), Map.of()))
                .serveView(checked, view -> assertThat(view.subject()).isEqualTo("alice"));
    }

    @Test
    void without_the_list_a_token_is_neither_accepted_nor_refused() {
        TokenViews checked = viewsWithRevocations();
        String token = issue(Map.of());
        revoked.failAll();
        request(token)
                .serveView(
                        checked,
                        view -> assertThatThrownBy(view::subject).isInstanceOf(SessionUnavailableException.class));
        request(null).serveView(checked, view -> assertThat(view.subject()).isNull());

        revoked.reset();
        request(token).serveView(checked, view -> assertThat(view.subject()).isEqualTo("alice"));
    }

    @Test
    void only_the_request_that_has_to_read_the_list_of_revocations_blocks() {
        Duration delay = Duration.ofMinutes(1);
        Revocations revocations = Revocations.in(revoked, c -> c.clock(clock).delay(delay));
        TokenViews checked = TokenViews.create(c -> c.trust(tokens).clock(clock).revocations(revocations));
        String token = issue(Map.of());
        Runnable eventLoop = () -> {
            throw new IllegalStateException("an event loop must not wait");
        };

        for (int i = 0; i < 3; i++) {
            try (SessionScope scope = checked.open(request(token))) {
                scope.setBlockingCheck(eventLoop);
                assertThat(scope.viewMayBlock()).isTrue();
                assertThat(scope.isRefreshDue()).isTrue();
                assertThatThrownBy(scope::loadView).hasMessage("an event loop must not wait");
                scope.setBlockingCheck(() -> {});
                scope.loadView();
            }
            try (SessionScope scope = checked.open(request(token))) {
                scope.setBlockingCheck(eventLoop);
                assertThat(scope.viewMayBlock()).isFalse();
                assertThat(scope.isRefreshDue()).isFalse();
                assertThat(scope.view().subject()).isEqualTo("alice");
            }
            clock.advance(delay.dividedBy(2).plusMillis(1));
        }
        try (SessionScope scope = checked.open(request(null))) {
            assertThat(scope.viewMayBlock()).isFalse();
            assertThat(scope.isRefreshDue()).isFalse();
        }
    }

    @Test
    void a_view_of_the_list_that_grows_too_old_after_the_question_is_not_used() {
        Duration delay = Duration.ofMinutes(1);
        Revocations here = Revocations.in(revoked, c -> c.clock(clock).delay(delay));
        Revocations elsewhere = Revocations.in(revoked, c -> c.clock(clock).delay(delay));
        // The list grows too old while the token is verified: after the request has asked whether its check blocks.
        AtomicInteger slow = new AtomicInteger();
        TokenVerifier verifier = new SlowFormat(tokens, () -> {
            if (slow.get() > 0) {
                elsewhere.endAll("alice");
                clock.advance(delay.plusMillis(1));
            }
        });
        TokenViews checked =
                TokenViews.create(c -> c.trust(verifier).clock(clock).revocations(here));
        String token = issue(Map.of());
        request(token).serveView(checked, view -> assertThat(view.subject()).isEqualTo("alice"));
        slow.set(1);

        try (SessionScope scope = checked.open(request(token))) {
            scope.setBlockingCheck(() -> {
                throw new AssertionError("the list is young");
            });
            assertThat(scope.viewMayBlock()).isFalse();
            assertThatThrownBy(scope::loadView).isInstanceOf(TokenRefusedException.class);
        }
    }

    /** A format of the application's own, during whose work something happens. */
    private record SlowFormat(TestTokens tokens, Runnable meanwhile) implements AccessTokenFormat {
        @Override
        public String issue(AccessToken token) {
            return tokens.issue(token);
        }

        @Override
        public Optional<AccessToken> verify(String token, Instant now) {
            meanwhile.run();
            return tokens.verify(token, now);
        }
    }

    @Test
    void with_revocations_the_check_of_a_token_may_block() {
        try (SessionScope scope = viewsWithRevocations().open(request(issue(Map.of())))) {
            assertThat(scope.viewMayBlock()).isTrue();
            scope.loadView();
            assertThat(scope.viewMayBlock()).isFalse();
        }
    }

    @Test
    void a_token_that_ends_before_it_begins_cannot_be_made() {
        Instant now = clock.instant();
        assertThatThrownBy(() -> new AccessToken(null, "a", null, null, null, null, now, now, JsonMembers.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AccessToken(
                        null, "a", null, null, StoreKey.of("k"), null, now, now.plusSeconds(1), JsonMembers.EMPTY))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Optional.of(token("i", "secret", "t", "s"))).hasToString("Optional[AccessToken[redacted]]");
    }
}
