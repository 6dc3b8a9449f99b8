package dev.sojourn.benchmarks;

import dev.sojourn.jwt.AccessTokens;
import dev.sojourn.jwt.SignedAccessTokens;
import dev.sojourn.jwt.TokenKey;
import dev.sojourn.jwt.TokenKeys;
import dev.sojourn.spi.AccessToken;
import java.util.List;
import java.util.stream.Stream;

/** Tokens that one key has signed, to be checked by a node that has seen them before, or by one that has not. */
final class SignedTokens {
    /** Enough that the cost of a new node does not count, and far fewer than a node remembers. */
    private static final int COUNT = 64;

    private final TokenKeys keys;
    private final SignedAccessTokens format;
    private final AccessToken content;
    private final List<String> texts;
    private final String known;
    private SignedAccessTokens stranger;
    private int next;

    SignedTokens(TokenKey key, AccessToken content) {
        this.keys = TokenKeys.of(key);
        this.format = format();
        this.stranger = format();
        this.content = content;
        this.texts = Stream.generate(this::issue).limit(COUNT).toList();
        this.known = texts.get(0);
    }

    private SignedAccessTokens format() {
        return AccessTokens.signed(keys).issuer("https://shop.example.com").audience("https://api.example.com");
    }

    String issue() {
        return format.issue(content);
    }

    /** Checks a token whose signature this node has not checked yet. */
    AccessToken checkFirst() {
        if (next == COUNT) {
            next = 0;
            stranger = format();
        }
        return stranger.verify(texts.get(next++), content.issuedAt()).orElseThrow();
    }

    /** Checks a token whose signature this node remembers. */
    AccessToken checkAgain() {
        return format.verify(known, content.issuedAt()).orElseThrow();
    }
}
