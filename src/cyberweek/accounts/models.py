"""A person who organises. The public has no accounts: see the passport app."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, username: str, name: str, password: str | None, **fields: Any) -> User:
        user = self.model(username=username.lower(), name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(username=(username or "").lower())


class User(AbstractBaseUser):
    """Signs in with a name and a password; `django-otp` devices hold the second factor."""

    username = models.CharField(_("user name"), max_length=60, unique=True)
    name = models.CharField(pgettext_lazy("person", "name"), max_length=80)
    email = models.EmailField(_("e-mail"), blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    is_keeper = models.BooleanField(
        _("keeper of the installation"),
        default=False,
        help_text=_("May open editions and place units without a parent."),
    )
    has_first_password = models.BooleanField(
        _("password given by someone else"),
        default=False,
        help_text=_("It must be changed before the desk opens."),
    )
    joined = models.DateTimeField(db_default=Now(), editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    class Meta:
        verbose_name = _("user")
        constraints = [
            models.CheckConstraint(condition=models.Q(username=Lower("username")), name="user_name_lower"),
        ]

    def __str__(self) -> str:
        return self.name
