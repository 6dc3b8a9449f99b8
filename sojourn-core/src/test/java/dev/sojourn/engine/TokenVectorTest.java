package dev.sojourn.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sojourn.spi.TokenFormat;
import dev.sojourn.spi.TokenFormat.VerifiedId;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The test vectors of {@code docs/reference/record-format.md}, on which implementations in other languages rely. */
class TokenVectorTest {
    private static final String SECRET = "k7Jq2vXw9RzB4mTn8sYc1dLf6gHp3aEu";
    private static final String ID = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String TOKEN = ID + ".dbJOisOAv0mpJDNVm3WmeR4EGa8CKbeXI76qCmIVzNU";

    private static final String TOKEN_OF_SHOP = ID + ".BoQcANnLHjESs2QVYvkeBKEiBMhdb-eqv5OheK2HIQc";

    private final SignedTokenFormat format = new SignedTokenFormat(List.of(SECRET));

    @Test
    void a_token_that_is_bound_to_an_application_is_as_documented_and_invalid_in_other_applications() {
        TokenFormat shop = format.forApplication("/shop");

        assertThat(shop.write(ID)).isEqualTo(TOKEN_OF_SHOP);
        assertThat(shop.read(TOKEN_OF_SHOP)).contains(new VerifiedId(ID, false, 1));
        assertThat(format.forApplication("").write(ID)).isEqualTo(TOKEN);
        assertThat(shop.read(TOKEN)).isEmpty();
        for (String other : List.of("", "/sho", "/shop/", "/shop2", "/Shop", "shop", ".shop")) {
            assertThat(format.forApplication(other).read(TOKEN_OF_SHOP))
                    .as(other)
                    .isEmpty();
        }
    }

    @Test
    void the_signing_key_is_derived_as_documented() {
        byte[] key = KeyDerivation.keys(List.of(SECRET), "sojourn session token 1")
                .get(0)
                .getEncoded();

        assertThat(HexFormat.of().formatHex(key))
                .isEqualTo("955deaee0ca90be70193468d8421277b5d1ef64f9f681f04f53a6e595cc48104");
    }

    @Test
    void an_id_has_the_documented_token() {
        assertThat(format.write(ID)).isEqualTo(TOKEN);
    }

    @Test
    void an_id_and_a_generation_have_the_documented_refresh_token() {
        RefreshTokenFormat refresh = new RefreshTokenFormat(List.of(SECRET));

        assertThat(refresh.write(ID, 7)).isEqualTo(ID + ".7.vCkHZJ3vb9mOoOInXghgGC_9pEzWw1PpYyDBvxrOCM0");
    }

    @Test
    void the_documented_token_is_read_as_the_id() {
        assertThat(format.read(TOKEN)).contains(new VerifiedId(ID, false, 1));
    }

    @Test
    void the_documented_token_is_outdated_once_another_secret_signs() {
        SignedTokenFormat rotated = new SignedTokenFormat(List.of("Z2wQ8nVt5kRj1xMb7yGd4cPs9fHu6aLe", SECRET));

        assertThat(rotated.read(TOKEN)).contains(new VerifiedId(ID, true, 1));
    }

    @Test
    void an_id_has_the_documented_store_key() {
        assertThat(SessionIds.storeKey(ID).text()).isEqualTo("6oZqdX5MOLq_qBJ8vppAnT4fk6AP8UiP9zX8-Rev_9A");
    }

    @Test
    void a_store_key_has_the_documented_public_id() {
        assertThat(SessionIds.publicId(SessionIds.storeKey(ID))).isEqualTo("7XLnt1oFAtDLw7NqciZ-3w");
    }
}
