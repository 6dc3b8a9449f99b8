package dev.sojourn.engine;

import dev.sojourn.spi.TokenFormat;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The project's own token format: the id, a dot, and the HMAC-SHA-256 of the id in base64url. The signature is compared
 * as text, in constant time: comparing decoded bytes would accept four spellings of each.
 *
 * <p>A token that renewal has replaced the first one with also has the number of its generation, and a signature of another
 * key: {@link RefreshTokenFormat}.
 *
 * <p>For an application that is not at the root, the signature also covers a dot and the application's path. No id
 * contains a dot, so no signature of one application is valid in another.
 */
final class SignedTokenFormat implements TokenFormat {
    private static final String PURPOSE = "sojourn session token 1";
    private static final String RENEWED = "sojourn renewed session token 1";

    private final TokenSigner[] signers;
    /** The bytes that are signed in addition to the id. */
    private final byte[] binding;
    /** The form of the second generation and later ones. */
    private final RefreshTokenFormat renewed;

    SignedTokenFormat(List<String> secrets) {
        this(TokenSigner.all(secrets, PURPOSE), new byte[0], new RefreshTokenFormat(secrets, RENEWED));
    }

    private SignedTokenFormat(TokenSigner[] signers, byte[] binding, RefreshTokenFormat renewed) {
        this.signers = signers;
        this.binding = binding;
        this.renewed = renewed;
    }

    @Override
    public TokenFormat forApplication(String application) {
        return application.isEmpty()
                ? this
                : new SignedTokenFormat(
                        signers,
                        ('.' + application).getBytes(StandardCharsets.UTF_8),
                        renewed.forApplication(application));
    }

    @Override
    public String write(String id) {
        byte[] signature = signers[0].sign(id.getBytes(StandardCharsets.ISO_8859_1), id.length(), binding);
        return id + '.' + new String(signature, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean canRenew() {
        return true;
    }

    @Override
    public String write(String id, long generation) {
        return generation <= 1 ? write(id) : renewed.write(id, generation);
    }

    @Override
    public boolean isWellFormed(String token) {
        return isFirst(token) || renewed.isWellFormed(token);
    }

    /** Whether a text has the form of a token that was never renewed. */
    private static boolean isFirst(String token) {
        int dot = dot(token);
        return dot >= SessionIds.SHORTEST
                && dot <= SessionIds.LONGEST
                && token.charAt(dot) == '.'
                && SessionIds.wellFormed(token, dot);
    }

    private static int dot(String token) {
        return token.length() - TokenSigner.LENGTH - 1;
    }

    @Override
    public Optional<VerifiedId> read(String token) {
        if (!isFirst(token)) {
            return renewed.read(token)
                    .filter(found -> found.generation() > 1)
                    .map(found -> new VerifiedId(found.id(), found.outdated(), found.generation()));
        }
        int dot = dot(token);
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature = Arrays.copyOfRange(text, dot + 1, text.length);
        for (int i = 0; i < signers.length; i++) {
            if (MessageDigest.isEqual(signers[i].sign(text, dot, binding), signature)) {
                return Optional.of(new VerifiedId(token.substring(0, dot), i > 0, 1));
            }
        }
        return Optional.empty();
    }
}
