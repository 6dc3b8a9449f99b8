package dev.sojourn.spring;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.core.AuthenticationMethod;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.OidcUserInfo;
import org.springframework.security.oauth2.core.oidc.user.OidcUserAuthority;
import org.springframework.security.oauth2.core.user.OAuth2UserAuthority;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.util.StdConverter;

/**
 * The types of OAuth and OpenID Connect. Spring Security's mix-ins lose the settings of a client, and which claim is the user's
 * name.
 */
final class SecurityTypesOAuth implements SecurityTypes {
    @Override
    public Map<Class<?>, Class<?>> mixIns() {
        return Map.ofEntries(
                Map.entry(ClientRegistration.class, Registration.class),
                Map.entry(OAuth2UserAuthority.class, OAuth2Authority.class),
                Map.entry(OidcUserAuthority.class, OidcAuthority.class));
    }

    @Override
    public List<Class<?>> types() {
        return List.of(
                ClientRegistration.ProviderDetails.class, ClientRegistration.ProviderDetails.UserInfoEndpoint.class);
    }

    @JsonByFields
    abstract static class OAuth2Authority {
        @JsonCreator
        OAuth2Authority(
                @JsonProperty("authority") String authority,
                @JsonProperty("attributes") Map<String, Object> attributes,
                @JsonProperty("userNameAttributeName") @Nullable String userNameAttributeName) {}
    }

    @JsonByFields
    @JsonIgnoreProperties("attributes")
    abstract static class OidcAuthority {
        @JsonCreator
        OidcAuthority(
                @JsonProperty("authority") String authority,
                @JsonProperty("idToken") OidcIdToken idToken,
                @JsonProperty("userInfo") @Nullable OidcUserInfo userInfo,
                @JsonProperty("userNameAttributeName") @Nullable String userNameAttributeName) {}
    }

    @JsonByFields
    @JsonDeserialize(converter = RegistrationFields.Converter.class)
    abstract static class Registration {}

    /** The fields of a registration, which only a builder can create. */
    @JsonIgnoreProperties("@class")
    record RegistrationFields(
            String registrationId,
            String clientId,
            @Nullable String clientSecret,
            Named clientAuthenticationMethod,
            Named authorizationGrantType,
            @Nullable String redirectUri,
            @Nullable Set<String> scopes,
            Provider providerDetails,
            @Nullable String clientName,
            @Nullable Settings clientSettings) {
        @JsonIgnoreProperties("@class")
        record Provider(
                @Nullable String authorizationUri,
                String tokenUri,
                UserInfo userInfoEndpoint,
                @Nullable String jwkSetUri,
                @Nullable String issuerUri,
                @Nullable Map<String, Object> configurationMetadata) {}

        @JsonIgnoreProperties("@class")
        record UserInfo(
                @Nullable String uri,
                Named authenticationMethod,
                @Nullable String userNameAttributeName) {}

        record Named(String value) {}

        record Settings(boolean requireProofKey) {}

        static final class Converter extends StdConverter<RegistrationFields, ClientRegistration> {
            @Override
            public ClientRegistration convert(RegistrationFields from) {
                Provider provider = from.providerDetails();
                UserInfo userInfo = provider.userInfoEndpoint();
                ClientRegistration.Builder builder = ClientRegistration.withRegistrationId(from.registrationId())
                        .clientId(from.clientId())
                        .clientSecret(from.clientSecret())
                        .clientAuthenticationMethod(new ClientAuthenticationMethod(
                                from.clientAuthenticationMethod().value()))
                        .authorizationGrantType(new AuthorizationGrantType(
                                from.authorizationGrantType().value()))
                        .redirectUri(from.redirectUri())
                        .scope(from.scopes())
                        .clientName(from.clientName())
                        .authorizationUri(provider.authorizationUri())
                        .tokenUri(provider.tokenUri())
                        .userInfoUri(userInfo.uri())
                        .userInfoAuthenticationMethod(new AuthenticationMethod(
                                userInfo.authenticationMethod().value()))
                        .userNameAttributeName(userInfo.userNameAttributeName())
                        .jwkSetUri(provider.jwkSetUri())
                        .issuerUri(provider.issuerUri())
                        .providerConfigurationMetadata(
                                Objects.requireNonNullElse(provider.configurationMetadata(), Map.<String, Object>of()));
                if (from.clientSettings() != null) {
                    builder.clientSettings(ClientRegistration.ClientSettings.builder()
                            .requireProofKey(from.clientSettings().requireProofKey())
                            .build());
                }
                return builder.build();
            }
        }
    }
}
