package dev.sojourn.jwt;

import dev.sojourn.spi.SealFormat;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Seals bytes as a JWE in compact serialization (RFC 7516) with {@code dir} and {@code A256GCM}. A text is 101 characters
 * longer than its content in base64url, and never compressed.
 *
 * <p>There is a key for each secret, application, purpose and UTC day: HKDF-Expand with SHA-256 (RFC 5869 §2.3), with the
 * secret as its key, 32 bytes long, and as its info the ASCII text {@code sojourn sealed session 1}, the application, the
 * purpose (each in UTF-8 after its length in four bytes) and the number of the day since 1970-01-01 in four bytes, all
 * big-endian. The {@code kid} names the secret and the day in six characters: the first 18 bits of HKDF-Expand with the
 * secret and the info {@code sojourn sealed key id 1}, and 18 bits for the day.
 *
 * <p>What is opened is exactly what is issued: every other spelling of a text is refused, as is every header but {@code
 * alg}, {@code enc} and {@code kid}, and every text of more than 8,192 characters.
 *
 * <p><b>To replace the secret</b> while several nodes run, take three steps, and restart all nodes in each: give the new
 * secret as an <em>older</em> one, so that every node opens what it seals; put it in front; drop the old one when the
 * absolute timeout has passed. For a text of a secret that a node does not have, it
 * returns {@link SealFormat.Opened.UnknownKey}.
 *
 * <p>Immutable and thread-safe, apart from at most 256 derived keys that it keeps. Does no I/O.
 */
public final class Jwe implements SealFormat {
    private static final Set<String> HEADER = Set.of("alg", "enc", "kid");
    /** The length of everything but the content: the header, four dots, the initialization vector and the tag. */
    private static final int FRAME = 59 + 4 + 16 + 22;

    private static final int IV_LENGTH = 16;
    private static final int TAG_LENGTH = 22;
    private static final Opened REFUSED = new Opened.Refused();
    private static final Opened UNKNOWN_KEY = new Opened.UnknownKey();

    private final SealKeys keys;
    private final String purpose;

    private Jwe(SealKeys keys, String purpose) {
        this.keys = keys;
        this.purpose = purpose;
    }

    /**
     * Creates a format. It is for the application with the empty name, and for the empty purpose.
     *
     * @param first the secret that seals, at least 32 bytes of UTF-8; null counts as not set
     * @param older further secrets whose texts still open, or open already: former ones, and in the first step of a
     *     rotation the next one
     * @return the format
     * @throws IllegalArgumentException if a secret is missing, short, repetitive, known from tutorials or given twice; the
     *     message shows none
     */
    public static Jwe secret(@Nullable String first, String... older) {
        List<String> secrets = new ArrayList<>();
        secrets.add(first == null ? "" : first);
        secrets.addAll(List.of(older));
        return new Jwe(SealKeys.of(secrets), "");
    }

    /**
     * Returns this format for a named application, so that applications with the same secret do not open each other's
     * texts. All nodes of an application use the same name; another name makes all texts worthless.
     *
     * @param name the application's name, any text
     * @return the format
     * @throws IllegalArgumentException if the name has an unpaired surrogate
     */
    public Jwe application(String name) {
        return new Jwe(keys.forApplication(Unicode.requireWellFormed("an application's name", name)), purpose);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the purpose has an unpaired surrogate
     */
    @Override
    public Jwe forPurpose(String purpose) {
        return new Jwe(keys, Unicode.requireWellFormed("a purpose", purpose));
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the text would have more than 8,192 characters and so would not open, or if the
     *     time is not between 1970 and 2687
     */
    @Override
    public String seal(byte[] content, Instant now) {
        int length = sealedLength(content.length);
        if (length > StrictCompact.LONGEST) {
            throw new IllegalArgumentException(content.length + " bytes would be sealed as " + length
                    + " characters, but at most " + StrictCompact.LONGEST + " are opened");
        }
        long day = SealKeyId.of(keys.ids().get(0), now).day();
        return keys.key(0, purpose, day).encrypt(content);
    }

    /**
     * {@inheritDoc}
     *
     * <p>A text of a day that is too old, or that begins more than 60 s in the future, is refused without decrypting it,
     * whether or not its secret is known.
     */
    @Override
    public Opened open(String text, Instant now, Duration maxAge) {
        Optional<StrictCompact> checked = StrictCompact.jwe(text, HEADER).filter(Jwe::hasForm);
        if (checked.isEmpty()) {
            return REFUSED;
        }
        StrictCompact compact = checked.get();
        String kid = compact.header("kid");
        Optional<SealKeyId> id = kid == null ? Optional.empty() : SealKeyId.parse(kid);
        if (id.isEmpty() || !id.get().isWithin(now, maxAge)) {
            return REFUSED;
        }
        return decrypt(compact, id.get());
    }

    private static boolean hasForm(StrictCompact compact) {
        return "dir".equals(compact.header("alg"))
                && "A256GCM".equals(compact.header("enc"))
                && compact.part(1).isEmpty()
                && compact.part(2).length() == IV_LENGTH
                && compact.part(4).length() == TAG_LENGTH;
    }

    /** Tries every secret of that name; two secrets can have the same one. */
    private Opened decrypt(StrictCompact compact, SealKeyId id) {
        boolean known = false;
        for (int i = 0; i < keys.ids().size(); i++) {
            if (keys.ids().get(i).equals(id.secret())) {
                known = true;
                Optional<byte[]> content = keys.key(i, purpose, id.day()).decrypt(compact);
                if (content.isPresent()) {
                    return new Opened.Content(content.get(), i > 0);
                }
            }
        }
        return known ? REFUSED : UNKNOWN_KEY;
    }

    @Override
    public int sealedLength(int bytes) {
        return FRAME + (int) ((bytes * 4L + 2) / 3);
    }

    /** Omits the secrets and the application. */
    @Override
    public String toString() {
        return "Jwe[redacted]";
    }
}
