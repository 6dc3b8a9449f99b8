package dev.sojourn.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sojourn.servlet.AttributeFormat;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.authentication.session.SessionAuthenticationException;
import org.springframework.web.servlet.FlashMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.InvalidTypeIdException;
import tools.jackson.databind.json.JsonMapper;

/** Checks that values which Spring stores in sessions are read back unchanged. The format has no I/O, so the tests call it
 * directly. */
class AttributesTest {
    private final AttributeFormat format = format();

    private static AttributeFormat format(Class<?>... types) {
        return new SpringAttributeFormat(
                List.of(
                        new LoginFailureFormat(),
                        new SecurityValueFormat(AttributesTest.class.getClassLoader(), List.of(types)),
                        new FlashMapFormat()),
                AttributeFormat.json(types));
    }

    @SuppressWarnings("unchecked")
    private static <T> T roundTrip(AttributeFormat format, T value) {
        Object read = format.read(format.write("it", value));
        JsonNode stored = format.write("it", read);
        assertThat(format.write("it", format.read(stored))).as("written again").isEqualTo(stored);
        return (T) read;
    }

    private static SecurityContext securityContext(Object principal, Collection<? extends GrantedAuthority> rights) {
        return new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(principal, null, rights));
    }

    // ---- Spring Security

    @Test
    void a_security_context_is_read_back_with_its_user_and_authorities() {
        SecurityContext context = roundTrip(
                format,
                securityContext(
                        User.withUsername("alice")
                                .password("x")
                                .roles("USER", "ADMIN")
                                .build(),
                        List.of(new SimpleGrantedAuthority("ROLE_USER"))));

        assertThat(Objects.requireNonNull(context.getAuthentication()).getName())
                .isEqualTo("alice");
        assertThat(Objects.requireNonNull(context.getAuthentication()).isAuthenticated())
                .isTrue();
        assertThat(context.getAuthentication().getAuthorities())
                .extracting(GrantedAuthority::getAuthority)
                .containsExactly("ROLE_USER");
    }

    /** A user type of the application, with fields and without a constructor that takes them. */
    static final class Member implements UserDetails {
        private static final long serialVersionUID = 1L;

        private final String name;
        private final int number;

        private Member() {
            this("", 0);
        }

        private Member(String login, int count) {
            name = login;
            number = count;
        }

        static Member of(String name, int number) {
            return new Member(name, number);
        }

        @Override
        public Collection<? extends GrantedAuthority> getAuthorities() {
            return List.of();
        }

        @Override
        public String getPassword() {
            throw new UnsupportedOperationException("not used");
        }

        @Override
        public String getUsername() {
            return name;
        }
    }

    /** A user type of the application that is a record. */
    record Guest(String username, List<GrantedAuthority> authorities, Instant since) implements UserDetails {
        @Override
        public Collection<? extends GrantedAuthority> getAuthorities() {
            return authorities;
        }

        @Override
        public String getPassword() {
            return "";
        }

        @Override
        public String getUsername() {
            return username;
        }
    }

    @Test
    void listed_user_types_of_the_application_are_stored_by_their_fields() {
        AttributeFormat with = format(Member.class, Guest.class);
        Guest guest = new Guest(
                "bob",
                List.of(new SimpleGrantedAuthority("ROLE_GUEST")),
                Instant.parse("2026-11-23T20:02:10.123456789Z"));

        Object member = Objects.requireNonNull(roundTrip(with, securityContext(Member.of("alice", 7), List.of()))
                        .getAuthentication())
                .getPrincipal();
        Object read = Objects.requireNonNull(roundTrip(with, securityContext(guest, guest.authorities()))
                        .getAuthentication())
                .getPrincipal();

        assertThat(member).isInstanceOfSatisfying(Member.class, each -> {
            assertThat(each.name).isEqualTo("alice");
            assertThat(each.number).isEqualTo(7);
        });
        assertThat(read).isEqualTo(guest);
    }

    @Test
    void a_user_type_that_is_not_listed_is_rejected_with_the_remedy_even_after_another_type_was_stored() {
        roundTrip(format, securityContext("alice", List.of()));

        assertThatThrownBy(() ->
                        format.write("it", securityContext(new Guest("bob", List.of(), Instant.EPOCH), List.of())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(Guest.class.getName())
                .hasMessageContaining("sojourn.attributes.types")
                .hasMessageNotContaining("bob");
    }

    private static final AtomicInteger GADGETS = new AtomicInteger();

    /** A class that Jackson could instantiate. */
    static final class Gadget {
        private String text = "";

        Gadget() {
            GADGETS.incrementAndGet();
        }

        String getText() {
            return text;
        }

        void setText(String text) {
            this.text = text;
        }
    }

    @Test
    void a_class_that_is_not_listed_is_never_instantiated() {
        JsonNode stored = format.write("it", securityContext("alice", List.of()));
        String gadget = "{\"@class\":\"" + Gadget.class.getName() + "\",\"text\":\"x\"}";
        JsonNode forged = JsonMapper.shared().readTree(stored.toString().replace("\"alice\"", gadget));

        assertThatThrownBy(() -> format.read(forged)).isInstanceOf(InvalidTypeIdException.class);
        assertThat(GADGETS).hasValue(0);

        SecurityContext listed = (SecurityContext) format(Gadget.class).read(forged);
        assertThat(Objects.requireNonNull(listed.getAuthentication()).getPrincipal())
                .isInstanceOf(Gadget.class);
        assertThat(GADGETS).hasValue(1);
    }

    // ---- failed logins

    /** An exception of the application. */
    static final class SuspendedException extends LockedException {
        private static final long serialVersionUID = 1L;

        SuspendedException() {
            super("suspended until Friday");
        }
    }

    @Test
    void a_login_failure_is_read_back_as_its_type_or_the_nearest_known_type() {
        assertThat(roundTripFailure(new BadCredentialsException("no")))
                .isExactlyInstanceOf(BadCredentialsException.class);
        assertThat(roundTripFailure(new SessionAuthenticationException("too many")))
                .isExactlyInstanceOf(SessionAuthenticationException.class)
                .hasMessage("too many");
        assertThat(roundTripFailure(new SuspendedException()))
                .isExactlyInstanceOf(LockedException.class)
                .hasMessage("suspended until Friday");
        assertThat(roundTripFailure(new AuthenticationException("strange") {
                    private static final long serialVersionUID = 1L;
                }))
                .isExactlyInstanceOf(AuthenticationServiceException.class)
                .hasMessage("strange");
    }

    private AuthenticationException roundTripFailure(AuthenticationException why) {
        return (AuthenticationException) format.read(format.write("it", why));
    }

    // ---- OAuth

    @Test
    void the_values_of_a_pending_oauth_login_are_read_back() {
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri("https://id.example/authorize")
                .clientId("web")
                .redirectUri("https://web.example/back")
                .state("a state")
                .build();
        OAuth2Error error = new OAuth2Error("access_denied", "the user said no", null);

        assertThat(((OAuth2AuthorizationRequest) format.read(format.write("it", request))).getState())
                .isEqualTo("a state");
        assertThat(roundTripFailure(new OAuth2AuthenticationException(error, "no")))
                .isInstanceOfSatisfying(
                        OAuth2AuthenticationException.class,
                        each -> assertThat(each.getError().getErrorCode()).isEqualTo("access_denied"));
    }

    @Test
    void the_authorized_clients_of_an_anonymous_session_are_read_back_in_a_modifiable_map() {
        ClientRegistration registration = ClientRegistration.withRegistrationId("id")
                .clientId("web")
                .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                .tokenUri("https://id.example/token")
                .build();
        OAuth2AccessToken token = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                "a token",
                Instant.parse("2026-11-23T20:00:00Z"),
                Instant.parse("2026-11-23T21:00:00Z"));
        Map<String, OAuth2AuthorizedClient> clients = new HashMap<>();
        clients.put("id", new OAuth2AuthorizedClient(registration, "alice", token));

        Map<String, OAuth2AuthorizedClient> read = roundTrip(format, clients);

        assertThat(Objects.requireNonNull(read.get("id")).getAccessToken().getTokenValue())
                .isEqualTo("a token");
        read.clear();
    }

    // ---- flash attributes

    @Test
    void a_flash_map_is_read_back_with_its_target_expiry_and_contents() {
        FlashMap map = new FlashMap();
        map.put("message", "Saved.");
        map.put("numbers", new ArrayList<>(List.of(1, 2)));
        map.put("nothing", null);
        map.put("why", new BadCredentialsException("no"));
        map.setTargetRequestPath("/notes");
        map.addTargetRequestParam("page", "2");
        map.setExpirationTime(1_795_464_536_515L);

        FlashMap read = ((List<FlashMap>) roundTrip(format, new ArrayList<>(List.of(map)))).get(0);

        assertThat(read.get("message")).isEqualTo("Saved.");
        assertThat(read.get("numbers")).isEqualTo(List.of(1, 2));
        assertThat(read.containsKey("nothing")).isTrue();
        assertThat(read.get("why")).isInstanceOf(BadCredentialsException.class);
        assertThat(read.getTargetRequestPath()).isEqualTo("/notes");
        assertThat(read.getTargetRequestParams().getFirst("page")).isEqualTo("2");
        assertThat(read.getExpirationTime()).isEqualTo(1_795_464_536_515L);
    }

    // ---- other values

    @Test
    void other_values_are_stored_as_without_spring() {
        AttributeFormat plain = AttributeFormat.json(Guest.class);
        for (Object value : List.of("text", 7, 1.5, true, List.of("spring-security", "x"), Map.of("a", 1L))) {
            assertThat(format.write("it", value)).isEqualTo(plain.write("it", value));
            assertThat(format.read(plain.write("it", value))).isEqualTo(plain.read(plain.write("it", value)));
        }
    }
}
