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
 * <p>For an application that is not at the root, the signature also covers a dot and the application's path. No id
 * contains a dot, so no signature of one application is valid in another.
 */
final class SignedTokenFormat implements TokenFormat {
    private static final String PURPOSE = "sojourn session token 1";

    private final TokenSigner[] signers;
    /** The bytes that are signed in addition to the id. */
    private final byte[] binding;

    SignedTokenFormat(List<String> secrets) {
        this(TokenSigner.all(secrets, PURPOSE), new byte[0]);
    }

    private SignedTokenFormat(TokenSigner[] signers, byte[] binding) {
        this.signers = signers;
        this.binding = binding;
    }

    @Override
    public TokenFormat forApplication(String application) {
        return application.isEmpty()
                ? this
                : new SignedTokenFormat(signers, ('.' + application).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String write(String id) {
        byte[] signature = signers[0].sign(id.getBytes(StandardCharsets.ISO_8859_1), id.length(), binding);
        return id + '.' + new String(signature, StandardCharsets.ISO_8859_1);
    }

    @Override
    public boolean isWellFormed(String token) {
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
        if (!isWellFormed(token)) {
            return Optional.empty();
        }
        int dot = dot(token);
        byte[] text = token.getBytes(StandardCharsets.ISO_8859_1);
        byte[] signature = Arrays.copyOfRange(text, dot + 1, text.length);
        for (int i = 0; i < signers.length; i++) {
            if (MessageDigest.isEqual(signers[i].sign(text, dot, binding), signature)) {
                return Optional.of(new VerifiedId(token.substring(0, dot), i > 0));
            }
        }
        return Optional.empty();
    }
}
