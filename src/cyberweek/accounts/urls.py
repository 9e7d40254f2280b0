from django.urls import path

from . import views

app_name = "accounts"

urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("sign-in/code/", views.code, name="code"),
    path("sign-in/authenticator/", views.enrol, name="enrol"),
    path("sign-in/password/", views.password, name="password"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("me/", views.me, name="me"),
    path("me/recovery-codes/", views.recovery_codes, name="recovery-codes"),
]
