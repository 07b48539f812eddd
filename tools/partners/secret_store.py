#!/usr/bin/env python3
"""A stand-in for `aws secretsmanager`: the same words, the same JSON, versions with stages. It keeps its secrets in a plain file: tests only.

  export SECRET_STORE=secrets.json
  secret_store.py secretsmanager create-secret --name HASHDAM_API_KEY --secret-string k1
  secret_store.py secretsmanager put-secret-value --secret-id HASHDAM_API_KEY --secret-string k2 [--version-stages AWSPENDING]
  secret_store.py secretsmanager get-secret-value --secret-id HASHDAM_API_KEY [--version-id ID] [--version-stage AWSCURRENT]
  secret_store.py secretsmanager update-secret-version-stage --secret-id HASHDAM_API_KEY --version-stage AWSCURRENT --move-to-version-id ID
  secret_store.py secretsmanager describe-secret --secret-id HASHDAM_API_KEY
  secret_store.py secretsmanager delete-secret --secret-id HASHDAM_API_KEY

`--secret-string file://PATH` reads a file. `--region`, `--profile`, `--output json`, `--endpoint-url` and `--no-cli-pager` are accepted.
Exit codes and errors are the CLI's: 254 and `An error occurred (ResourceNotFoundException) when calling the ... operation: ...` on standard
error. SECRET_STORE_FAULT makes get-secret-value go wrong: denied, throttled, expired-token, unreachable, garbage, empty, no-string (a
binary secret), silent (a minute of nothing), killed (ends by a signal in the middle of its answer).
"""
import argparse
import base64
import datetime
import fcntl
import hashlib
import json
import os
import signal
import sys
import time
import uuid

FAULTS = {
    "denied": (254, "AccessDeniedException", "User: arn:aws:sts::111122223333:assumed-role/desk is not authorized to perform: "
               "secretsmanager:GetSecretValue"),
    "throttled": (254, "ThrottlingException", "Rate exceeded"),
    "expired-token": (254, "ExpiredTokenException", "The security token included in the request is expired")}


class Failed(Exception):
    def __init__(self, kind, message, code=254):
        super().__init__(message)
        self.kind, self.message, self.code = kind, message, code


class Store:
    def __init__(self, path):
        self.path = path

    def __enter__(self):
        self.file = open(self.path, "a+", encoding="utf-8")
        fcntl.flock(self.file, fcntl.LOCK_EX)
        self.file.seek(0)
        text = self.file.read()
        self.secrets = json.loads(text) if text else {}
        return self

    def __exit__(self, kind, *_):
        if kind is None:
            self.file.seek(0)
            self.file.truncate()
            json.dump(self.secrets, self.file, indent=1)
        self.file.close()

    def secret(self, name):
        for known, one in self.secrets.items():
            if name in (known, arn(known)) and not one["deleted"]:
                return known, one
        raise Failed("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")

    def move(self, secret, stage, version_id):
        """A stage stands on one version; what loses AWSCURRENT becomes AWSPREVIOUS."""
        for version in secret["versions"]:
            if stage in version["stages"]:
                version["stages"].remove(stage)
                if stage == "AWSCURRENT":
                    for other in secret["versions"]:
                        other["stages"] = [one for one in other["stages"] if one != "AWSPREVIOUS"]
                    version["stages"].append("AWSPREVIOUS")
        next(one for one in secret["versions"] if one["id"] == version_id)["stages"].append(stage)


def arn(name):
    return f"arn:aws:secretsmanager:eu-central-1:111122223333:secret:{name}-{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def now():
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds")


def text_of(value):
    if value.startswith("file://"):
        with open(value[7:], encoding="utf-8") as file:
            return file.read()
    return value


def create(store, options):
    if options.name in store.secrets and not store.secrets[options.name]["deleted"]:
        raise Failed("ResourceExistsException", f"The operation failed because the secret {options.name} already exists.")
    store.secrets[options.name] = {"versions": [], "deleted": False, "created": now()}
    made = {"ARN": arn(options.name), "Name": options.name}
    if options.secret_string is not None:
        made["VersionId"] = add(store, store.secrets[options.name], options, ["AWSCURRENT"])
    return made


def add(store, secret, options, stages):
    version_id = options.client_request_token or str(uuid.uuid4())
    secret["versions"].append({"id": version_id, "text": text_of(options.secret_string), "stages": [], "created": now()})
    for stage in stages:
        store.move(secret, stage, version_id)
    return version_id


def put(store, options):
    name, secret = store.secret(options.secret_id)
    stages = options.version_stages or ["AWSCURRENT"]
    version_id = add(store, secret, options, stages)
    return {"ARN": arn(name), "Name": name, "VersionId": version_id, "VersionStages": stages}


def get(store, options):
    fault = os.environ.get("SECRET_STORE_FAULT", "")
    if fault in FAULTS:
        raise Failed(FAULTS[fault][1], FAULTS[fault][2], FAULTS[fault][0])
    if fault == "unreachable":
        raise Failed("", 'Could not connect to the endpoint URL: "https://secretsmanager.eu-central-1.amazonaws.com/"', 255)
    if fault == "silent":
        time.sleep(60)
    if fault in ("garbage", "empty"):
        return "<html>" if fault == "garbage" else ""
    name, secret = store.secret(options.secret_id)
    stage = options.version_stage or (None if options.version_id else "AWSCURRENT")
    found = [one for one in secret["versions"]
             if (options.version_id in (None, one["id"])) and (stage is None or stage in one["stages"])]
    if not found:
        what = f"VersionId: {options.version_id}" if options.version_id else f"staging label: {stage}"
        raise Failed("ResourceNotFoundException", f"Secrets Manager can't find the specified secret value for {what}")
    one = found[0]
    value = {"SecretBinary": base64.b64encode(one["text"].encode()).decode()} if fault == "no-string" else {"SecretString": one["text"]}
    said = {"ARN": arn(name), "Name": name, "VersionId": one["id"], **value, "VersionStages": one["stages"], "CreatedDate": one["created"]}
    if fault == "killed":
        sys.stdout.write(json.dumps(said, indent=4)[:-20])
        sys.stdout.flush()
        os.kill(os.getpid(), signal.SIGKILL)
    return said


def update_stage(store, options):
    name, secret = store.secret(options.secret_id)
    if options.move_to_version_id not in [one["id"] for one in secret["versions"]]:
        raise Failed("ResourceNotFoundException", "Secrets Manager can't find the specified secret version.")
    store.move(secret, options.version_stage, options.move_to_version_id)
    return {"ARN": arn(name), "Name": name}


def describe(store, options):
    name, secret = store.secret(options.secret_id)
    return {"ARN": arn(name), "Name": name, "CreatedDate": secret["created"],
            "VersionIdsToStages": {one["id"]: one["stages"] for one in secret["versions"] if one["stages"]}}


def delete(store, options):
    name, secret = store.secret(options.secret_id)
    secret["deleted"] = True
    return {"ARN": arn(name), "Name": name, "DeletionDate": now()}


OPERATIONS = {
    "create-secret": ("CreateSecret", create), "put-secret-value": ("PutSecretValue", put), "get-secret-value": ("GetSecretValue", get),
    "update-secret-version-stage": ("UpdateSecretVersionStage", update_stage), "describe-secret": ("DescribeSecret", describe),
    "delete-secret": ("DeleteSecret", delete)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0], epilog=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", default=os.environ.get("SECRET_STORE"), help="file of the secrets; SECRET_STORE")
    parser.add_argument("service", choices=["secretsmanager"])
    parser.add_argument("operation", choices=sorted(OPERATIONS))
    for name in ("name", "secret-id", "secret-string", "version-id", "version-stage", "move-to-version-id", "client-request-token", "region",
                 "profile", "endpoint-url"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--version-stages", nargs="+")
    parser.add_argument("--output", choices=["json"])
    parser.add_argument("--no-cli-pager", action="store_true")
    options = parser.parse_args()
    if not options.store:
        parser.error("SECRET_STORE or --store: which file?")
    title, operation = OPERATIONS[options.operation]
    try:
        with Store(options.store) as store:
            said = operation(store, options)
    except Failed as failed:
        text = f"An error occurred ({failed.kind}) when calling the {title} operation: {failed.message}" if failed.kind else failed.message
        print("\n" + text, file=sys.stderr)
        return failed.code
    print(said if isinstance(said, str) else json.dumps(said, indent=4))
    return 0


if __name__ == "__main__":
    sys.exit(main())
