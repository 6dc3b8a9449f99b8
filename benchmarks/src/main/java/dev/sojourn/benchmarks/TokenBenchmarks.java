package dev.sojourn.benchmarks;

import dev.sojourn.IssuedTokens;
import dev.sojourn.Key;
import dev.sojourn.MemoryStore;
import dev.sojourn.Revocations;
import dev.sojourn.TokenSessions;
import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.Jwe;
import dev.sojourn.jwt.TokenKey;
import dev.sojourn.spi.AccessToken;
import dev.sojourn.spi.AccessTokenFormat;
import dev.sojourn.spi.JsonMembers;
import dev.sojourn.spi.SessionScope;
import dev.sojourn.spi.StoreKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Measures access tokens of a signed-in user with two claims, sealed and signed, and the refresh of such tokens. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class TokenBenchmarks {
    private static final Key<Integer> CART = Key.of("cart", Integer.class);
    private static final Key<String> THEME = Key.of("theme", String.class);

    /** After this time a refresh token leads to the next generation, not to the current one again. */
    private static final Duration ROTATION = Duration.ofSeconds(31);

    private final SteppingClock clock = new SteppingClock();
    private final AccessToken content = content(clock.instant(), "q7VZ0c1nT4xkR2pL");
    private final AccessTokenFormat sealed = AccessTokens.sealed(Jwe.secret(Requests.SECRET));
    private final String sealedToken = sealed.issue(content);
    private final SignedTokens rs256 = new SignedTokens(TokenKey.generateRsa(), content(clock.instant(), null));
    private final SignedTokens es256 = new SignedTokens(TokenKey.generateEc(), content(clock.instant(), null));

    /** The absolute timeout is long, because every refresh advances the clock. */
    private final TokenSessions sessions = TokenSessions.create(c -> c.secret(Requests.SECRET)
            .store(new MemoryStore())
            .access(sealed)
            .revocations(Revocations.in(new MemoryStore()))
            .claims(CART, THEME)
            .absoluteTimeout(Duration.ofDays(3650))
            .clock(clock));

    private final IssuedTokens issued = issue();
    private String refreshToken = refreshToken(issued);

    /** For JMH. */
    public TokenBenchmarks() {}

    /** Returns what tokens hold; without a token id, each signed one gets a random one, so no two are equal. */
    private static AccessToken content(Instant now, @Nullable String tokenId) {
        return new AccessToken(
                null,
                "alice",
                tokenId,
                "Vh0yS3nX6bQ9tW2eR5uK8o",
                StoreKey.of("Vh0yS3nX6bQ9tW2eR5uK8oZ1cF4gJ7mL0pA3dN6sB9x"),
                now,
                now,
                now.plus(Duration.ofMinutes(5)),
                JsonMembers.EMPTY.with("cart", json("17")).with("theme", json("\"dark\"")));
    }

    private static byte[] json(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private IssuedTokens issue() {
        try (SessionScope scope = sessions.open(InMemoryExchange.withoutCookie())) {
            Requests.setFourAttributes(scope.session());
            scope.session().login("alice");
            IssuedTokens tokens = sessions.issue(scope.session());
            scope.commit();
            return tokens;
        }
    }

    private static String refreshToken(IssuedTokens tokens) {
        return Objects.requireNonNull(tokens.refreshToken(), "all tokens are in the body");
    }

    /** Checks a sealed token. */
    @Benchmark
    public AccessToken checkSealed() {
        return sealed.verify(sealedToken, clock.instant()).orElseThrow();
    }

    /** Checks a token that is signed with RS256 and that this node has not seen before. */
    @Benchmark
    public AccessToken checkRs256First() {
        return rs256.checkFirst();
    }

    /** Checks a token that is signed with RS256 and whose signature this node remembers. */
    @Benchmark
    public AccessToken checkRs256Again() {
        return rs256.checkAgain();
    }

    /** Checks a token that is signed with ES256 and that this node has not seen before. */
    @Benchmark
    public AccessToken checkEs256First() {
        return es256.checkFirst();
    }

    /** Checks a token that is signed with ES256 and whose signature this node remembers. */
    @Benchmark
    public AccessToken checkEs256Again() {
        return es256.checkAgain();
    }

    /** Issues a sealed token. */
    @Benchmark
    public String issueSealed() {
        return sealed.issue(content);
    }

    /** Issues a token that is signed with RS256. */
    @Benchmark
    public String issueRs256() {
        return rs256.issue();
    }

    /** Issues a token that is signed with ES256. */
    @Benchmark
    public String issueEs256() {
        return es256.issue();
    }

    /** A whole request that reads a claim of its sealed token, with the checks of the revocations. */
    @Benchmark
    public int readClaim() {
        try (SessionScope scope = sessions.open(InMemoryExchange.withBearer(issued.accessToken()))) {
            int cart = Requests.cart(scope.view());
            scope.commit();
            return cart;
        }
    }

    /** Exchanges a refresh token for the next one and a sealed access token: one load, one compare-and-set. */
    @Benchmark
    public IssuedTokens refresh() {
        clock.advance(ROTATION);
        IssuedTokens next = sessions.refresh(refreshToken);
        refreshToken = refreshToken(next);
        return next;
    }
}
