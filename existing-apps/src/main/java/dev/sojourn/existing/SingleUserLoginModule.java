package dev.sojourn.existing;

import com.sun.security.auth.UserPrincipal;
import java.io.IOException;
import java.util.Map;
import javax.security.auth.Subject;
import javax.security.auth.callback.Callback;
import javax.security.auth.callback.CallbackHandler;
import javax.security.auth.callback.NameCallback;
import javax.security.auth.callback.PasswordCallback;
import javax.security.auth.callback.UnsupportedCallbackException;
import javax.security.auth.login.FailedLoginException;
import javax.security.auth.login.LoginException;
import javax.security.auth.spi.LoginModule;
import org.jspecify.annotations.Nullable;

/** A JAAS login module for Hawtio with one user, {@code ada}, whose password is {@code lovelace}. */
public final class SingleUserLoginModule implements LoginModule {
    private @Nullable Subject subject;
    private @Nullable CallbackHandler callbacks;

    /** For JAAS, which creates an instance for each login. */
    public SingleUserLoginModule() {}

    @Override
    public void initialize(Subject newSubject, CallbackHandler handler, Map<String, ?> shared, Map<String, ?> options) {
        subject = newSubject;
        callbacks = handler;
    }

    @Override
    public boolean login() throws LoginException {
        NameCallback name = new NameCallback("name");
        PasswordCallback password = new PasswordCallback("password", false);
        try {
            if (callbacks != null) {
                callbacks.handle(new Callback[] {name, password});
            }
        } catch (IOException | UnsupportedCallbackException e) {
            LoginException failed = new LoginException("cannot obtain name and password");
            failed.initCause(e);
            throw failed;
        }
        char[] given = password.getPassword();
        if (!"ada".equals(name.getName()) || given == null || !"lovelace".equals(new String(given))) {
            throw new FailedLoginException("wrong name or password");
        }
        return true;
    }

    @Override
    public boolean commit() {
        return subject != null && subject.getPrincipals().add(new UserPrincipal("ada"));
    }

    @Override
    public boolean abort() {
        return logout();
    }

    @Override
    public boolean logout() {
        return subject != null && subject.getPrincipals().removeIf(UserPrincipal.class::isInstance);
    }
}
